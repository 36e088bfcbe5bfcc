"""One file per family of cases; each registers its own. A new file is a new word here."""

from benchmarks.cases import bandwidth, leader, memory, nash, pure, sequence_form, startup

FAMILIES = (bandwidth, leader, memory, nash, pure, sequence_form, startup)
