"""`poligon load --validate`: the model laid beside the live system."""
