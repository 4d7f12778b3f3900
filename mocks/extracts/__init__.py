"""What ЕГРЮЛ and ЕГРИП have in common: entries and their numbers, sections of extracts, requests,
history of changes, routes."""
