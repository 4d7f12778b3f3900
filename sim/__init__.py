"""The model of the portal, its registries and its users."""
