"""Signed choices: what a selection page posts back instead of the number of an organisation.

A token names a link of one login at one point of its history. It is used up by the login itself: a login goes on only
once from there, and a denial moves the history too, so a token of an older page no longer counts.
"""

from dataclasses import dataclass

from itsdangerous import BadSignature, Serializer

from broker.core.errors import StepOutOfOrder, UntrustedMessage
from broker.core.links import LinkKind, LinkReference
from broker.core.login import Login
from broker.rules import choice


@dataclass(frozen=True, slots=True)
class ChoiceTokens:
    """Makes and reads choices with one secret, which all processes of a broker share."""

    secret: bytes

    def make(self, login: Login, link: LinkReference) -> str:
        """The token for choosing `link` in `login` as it is now."""
        return self._serializer().dumps([login.id, len(login.history), link.kind.value, link.id])

    def read(self, login: Login, token: str) -> LinkReference:
        """The link that was chosen; raises `UntrustedMessage` if we did not make it, `StepOutOfOrder` if it is old."""
        try:
            login_id, point, kind, link_id = self._serializer().loads(token)
        except (BadSignature, ValueError, TypeError) as error:
            raise UntrustedMessage(tuple(choice.FORGED.findings(token))) from error
        if login_id != login.id or point != len(login.history):
            raise StepOutOfOrder("this choice is from an older page")
        return LinkReference(LinkKind(kind), link_id)

    def _serializer(self) -> Serializer[str]:
        # Not the URL-safe one, which tries to compress every token: they are posted, and a page holds 25.
        return Serializer(self.secret, salt="ketenbroker.choice")
