"""Links of mails. One that lets somebody in without logging in holds a secret that follows from what it is for.

So the store holds a digest of the secret only, and a reminder has the same link as the mail that it reminds of.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

from broker.core.administration.mail import LinkTarget, Mail
from broker.simulator.context import Simulator

PATHS: Final = {
    LinkTarget.MODULE: "/beheer",
    LinkTarget.INVITATION: "/uitnodiging/{token}",
    LinkTarget.SIGNATURE: "/ondertekenen/{token}",
    LinkTarget.REVOCATION_FORM: "/intrekken",
    LinkTarget.BATCH: "/beheer/uitnodigingen/reeksen/{object_id}",
}
"""Where links lead, below the address of the broker."""


def token(sim: Simulator, target: LinkTarget, object_id: str, address: str) -> str:
    """The secret in a link for whoever has this address: 43 characters that fit in an address (256 bits)."""
    return token_from(sim.link_secret, target, object_id, address)


def token_from(secret: bytes, target: LinkTarget, object_id: str, address: str) -> str:
    """The same, from the secret of the installation."""
    what = "\n".join((target.value, object_id, address)).encode()
    return urlsafe_b64encode(hmac.new(secret, what, sha256).digest()).rstrip(b"=").decode()


def address_of(sim: Simulator, mail: Mail) -> str | None:
    """Where the link of a mail leads; None for a mail without."""
    if mail.link is None:
        return None
    path = PATHS[mail.link].format(
        token=token(sim, mail.link, mail.object_id, mail.to.address), object_id=mail.object_id
    )
    return sim.addresses.base + path
