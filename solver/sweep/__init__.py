"""Sweeps: axes in, chunks through a concept, a labelled Dataset or a resumable store out."""
