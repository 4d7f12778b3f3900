"""A journey as a drawing: layers, places, SVG."""
