"""The twin: the graph keeps time, and at every gate the portal's own use cases decide."""
