"""Placeholder docstring of broker.store."""
