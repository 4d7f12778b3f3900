"""Benchmarks: the simulation against theory, and its speed against other engines."""
