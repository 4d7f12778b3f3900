"""`poligon simulate`: from a scenario to a report."""
