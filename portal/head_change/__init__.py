"""Another head of an organization (chapter HEAD)."""
