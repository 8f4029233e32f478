"""What the broker signs with now, and the metadata that says so: both may be replaced while it runs.

A key roll-over has three steps: `begin` makes the next pair, whose certificate is published beside the one in use;
`switch` signs with the next pair, the last one still being published; `finish` publishes one certificate again.
Between the steps every service provider has to fetch the metadata.
"""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from broker.core.errors import ConfigError
from broker.saml import pki
from broker.saml.keys import Certificate, UnusableKey
from broker.saml.pki import Party, certificate_path, key_path


def _next(party: Party) -> Party:
    return replace(party, folder=f"{party.folder}-next")


def _last(party: Party) -> Party:
    return replace(party, folder=f"{party.folder}-last")


def published(certs: Path, party: Party) -> tuple[Certificate, ...]:
    """The signing certificate in use, and beside it the next or the last one during a roll-over."""
    files = [certificate_path(certs, item.folder, "signing") for item in (party, _next(party), _last(party))]
    return tuple(Certificate.from_pem_file(path) for path in files if path.exists())


def begin(certs: Path, party: Party, moment: datetime) -> None:
    """Make the next pair. Raises `ConfigError` when a roll-over is under way."""
    if _folder(certs, _next(party)).exists() or _folder(certs, _last(party)).exists():
        raise ConfigError("a key roll-over is under way: 'switch' or 'finish' it first")
    try:
        pki.ensure(certs, (_next(party),), moment)
    except UnusableKey as error:
        raise ConfigError(str(error)) from error


def switch(certs: Path, party: Party) -> None:
    """Sign with the next pair from now on. Raises `ConfigError` when there is none."""
    following, last = _next(party), _last(party)
    if not _folder(certs, following).exists():
        raise ConfigError("there is no next key: 'begin' a key roll-over first")
    _folder(certs, last).mkdir(mode=0o700)
    _move(certs, party, last)
    _move(certs, following, party)
    shutil.rmtree(_folder(certs, following))


def finish(certs: Path, party: Party) -> None:
    """Publish the certificate in use alone, and delete the last pair. Raises `ConfigError` when there is none."""
    if not _folder(certs, _last(party)).exists():
        raise ConfigError("there is no last key: 'switch' to the next one first")
    shutil.rmtree(_folder(certs, _last(party)))


def _folder(certs: Path, party: Party) -> Path:
    return certs / party.folder


def _move(certs: Path, source: Party, target: Party) -> None:
    # Whoever reads in between finds a pair that does not fit, keeps the one it has, and reads again at the next change.
    for path in (key_path, certificate_path):
        path(certs, source.folder, "signing").replace(path(certs, target.folder, "signing"))
