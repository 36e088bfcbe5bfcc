"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import (
    bandwidth,
    correlated,
    leader,
    memory,
    nash,
    poker,
    pure,
    startup,
    trees,
)

FAMILIES = (bandwidth, correlated, leader, memory, nash, poker, pure, startup, trees)
