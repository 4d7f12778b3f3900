"""The country as an HTTP server: one port, every service, clients of any manners."""
