"""Convex programs, solved by packages that are imported when they are first needed.

Arrays in, arrays out: a program is told by its matrices and knows nothing of games.
"""
