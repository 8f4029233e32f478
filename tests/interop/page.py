"""What that browser shows: pages, the forms on them and the links."""

from broker.headless.page import Form, NotOnPage, Page

__all__ = ["Form", "NotOnPage", "Page"]
