"""Requests to the portal's support: tickets over all channels, from asking to the decision (chapter
SUP)."""
