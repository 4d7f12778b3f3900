"""Clients of the registries over HTTP: one module per registry, each the port of `portal.ports`."""
