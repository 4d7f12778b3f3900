"""Load against a running portal, on an open arrival schedule, and its comparison with the model."""
