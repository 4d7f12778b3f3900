"""The applicant's workplace: browser, computer, client program (chapter ENV)."""
