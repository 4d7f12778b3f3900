"""How the portal is asked at each gate of the built-in journeys: a module for each journey."""
