"""The channel to the portal (SEC)."""
