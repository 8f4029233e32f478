"""Interoperability: service providers that others wrote, run unmodified and logged in through the broker."""
