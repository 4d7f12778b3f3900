"""`poligon load`: a scenario against the real thing, and what came of it."""
