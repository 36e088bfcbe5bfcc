"""Arrays in, arrays out: the numerics, without a type of ours.

Games come flattened, (G, m, n) or (G, profiles), contiguous float64; `low` and `high` bound the
games a call works on, so that threads share the arrays. Rows of answers are written from index 0
of a buffer; a kernel that runs out of buffer says at which game it stopped.
"""
