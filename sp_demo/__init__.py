"""The demo service provider."""
