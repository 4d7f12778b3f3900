"""A stand: the portals of a country's tenants beside the country's services, on the same clock."""
