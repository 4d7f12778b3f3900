"""Notices to people about what happens to their organizations: settings, digests, delivery,
reminders of terms, sources of events outside (chapter NTF)."""
