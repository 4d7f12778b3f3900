"""Applications of an organization to agencies: drafts, submission, their course (chapter APP)."""
