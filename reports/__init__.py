"""What people read: one HTML report, summaries, JUnit."""
