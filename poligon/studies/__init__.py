"""`poligon compare`, `sweep` and `plan`: experiments over many runs."""
