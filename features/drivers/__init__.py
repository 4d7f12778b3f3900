"""Drivers that come with Poligon."""
