"""How the portal keeps what it knows: the unit of work over the port, and its adapters."""
