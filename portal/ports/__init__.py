"""What the portal needs from outside: one module per port, protocols and the records they give."""
