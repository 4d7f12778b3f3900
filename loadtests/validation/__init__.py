"""Whether the model predicts the live system: the same arrivals in both, case by case."""
