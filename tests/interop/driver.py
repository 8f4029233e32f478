"""The browser that tests log in with: the one of `ketenbroker login`."""

from broker.headless.browser import Browser, Files

__all__ = ["Browser", "Files"]
