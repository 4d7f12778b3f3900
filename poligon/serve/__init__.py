"""`poligon serve`: the country and its portals over HTTP."""
