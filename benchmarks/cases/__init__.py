"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import (
    bandwidth,
    biform,
    build_tree,
    coalition,
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
    trees,
    zero_sum,
)

FAMILIES = (
    bandwidth,
    biform,
    build_tree,
    coalition,
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
    trees,
    zero_sum,
)
