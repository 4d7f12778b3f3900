"""`poligon world`: who lives in the country and what they file."""
