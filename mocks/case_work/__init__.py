"""Cases that agencies keep: who applies, explicit states, terms, safe repetition, the work."""
