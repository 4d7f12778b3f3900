"""The report of a calibration: its page, its JSON, their words."""
