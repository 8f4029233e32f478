"""One dataclass per template of the mailbox.

Mailbox     the mails, newest first: search, pages of 25
OpenedMail  one mail as its recipient reads it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from broker.core.text import Text
from broker.web.operator.pages import Operator
from broker.web.pages import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail in the list."""

    subject: Annotated[str, "its subject"]
    recipient: Annotated[str, "the address that it is for"]
    at: Annotated[datetime, "when it was written, with a time zone"]
    state: Annotated[Text, "what became of it"]
    language: Annotated[str, "`nl` or `en`"]
    url: Annotated[str, "the mail itself"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(Operator):
    """The mails. Searching and paging are GET on `list_url` with `q` and `page`."""

    template: ClassVar[str] = "operator/mailbox.html"
    mails: Annotated[tuple[MailRow, ...], "those on this page"]
    results: Annotated[Results, "which part of what was found is on the page"]
    query: Annotated[str, "what was searched for in addresses; empty for everything"]
    list_url: Annotated[str, "GET with `q` and `page`"]
    server: Annotated[str | None, "the mail server that mails are sent to as well, if there is one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMail(Operator):
    """One mail."""

    template: ClassVar[str] = "operator/mail.html"
    row: Annotated[MailRow, "subject, recipient and so on"]
    name: Annotated[str, "name of the recipient; may be empty"]
    before: Annotated[tuple[str, ...], "paragraphs above the link"]
    link: Annotated[str | None, "where the link of the mail leads"]
    after: Annotated[tuple[str, ...], "paragraphs below the link"]
    problem: Annotated[str | None, "what the mail server said, if it did not take the mail"]
    bounce_url: Annotated[str | None, "POST: have the mail come back as not delivered"]
    hidden: Annotated[Mapping[str, str], "fields that are posted unchanged"]
    back_url: Annotated[str, "the list"]
