"""How the portal is run: technical works, the state of services, reports of failures."""
