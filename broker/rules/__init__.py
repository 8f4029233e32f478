"""Placeholder docstring of broker.rules."""
