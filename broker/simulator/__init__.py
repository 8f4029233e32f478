"""Placeholder docstring of broker.simulator."""
