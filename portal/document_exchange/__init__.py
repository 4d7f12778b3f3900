"""Exchange of documents between organizations, and with services that take signed ones (EDI)."""
