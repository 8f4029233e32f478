"""Placeholder docstring of broker.saml."""
