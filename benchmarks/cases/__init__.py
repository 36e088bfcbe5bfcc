"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import (
    bandwidth,
    build_tree,
    correlated,
    leader,
    logit,
    memory,
    nash,
    one_equilibrium,
    poker,
    pure,
    sequence_form,
    startup,
    sweeps,
    trees,
    zero_sum,
)

FAMILIES = (
    bandwidth,
    build_tree,
    correlated,
    leader,
    logit,
    memory,
    nash,
    one_equilibrium,
    poker,
    pure,
    sequence_form,
    startup,
    sweeps,
    trees,
    zero_sum,
)
