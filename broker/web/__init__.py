"""Placeholder docstring of broker.web."""
