"""Organizations of the portal and who may act for them."""
