"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import bandwidth, leader, memory, nash, pure, startup, zero_sum

FAMILIES = (bandwidth, leader, memory, nash, pure, startup, zero_sum)
