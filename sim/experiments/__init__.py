"""Replications, intervals, warm-up, stopping and the figures that a run gives."""
