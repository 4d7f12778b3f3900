"""Opening the cabinet of a verified organization (chapter ACT)."""
