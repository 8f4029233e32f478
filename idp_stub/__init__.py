"""The stub authentication service (authenticatiedienst)."""
