"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import (
    bandwidth,
    leader,
    logit,
    memory,
    nash,
    poker,
    pure,
    sequence_form,
    startup,
    trees,
)

FAMILIES = (bandwidth, leader, logit, memory, nash, poker, pure, sequence_form, startup, trees)
