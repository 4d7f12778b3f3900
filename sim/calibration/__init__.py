"""Calibration: from an event log to a scenario, and what the log could not tell."""
