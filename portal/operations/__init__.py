"""How the portal is run: maintenance, the state of services, reports of failures."""
