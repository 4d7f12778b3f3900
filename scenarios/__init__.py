"""Scenario files: their format, their loader, and the scenarios that come with Poligon."""
