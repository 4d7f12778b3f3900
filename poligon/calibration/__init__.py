"""`poligon calibrate`: from a log to a scenario."""
