"""Benchmarks: speed against peers that give the same answers, memory, and start-up time.

``python -m benchmarks`` runs them; README.md says how ratios are made.
"""
