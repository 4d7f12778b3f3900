"""The command line: thin, composes the rooms."""
