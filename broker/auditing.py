"""The audit log as commands look at it: whether it is what was written, and whose key it is signed with."""

from dataclasses import dataclass
from pathlib import Path

from broker.core.errors import ConfigError
from broker.settings import Settings
from broker.simulator import compose
from broker.simulator.audit import verifying
from broker.simulator.audit.keys import AuditVerificationKey
from broker.simulator.audit.verifying import Verdict
from broker.simulator.layout import Layout
from broker.store.database import open_store
from broker.store.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Verified:
    """The verdict, the file of heads and the fingerprint of the key that it was reached with."""

    verdict: Verdict
    heads: Path
    fingerprint: str


def verify(settings: Settings, heads: Path | None = None, key: Path | None = None) -> Verified:
    """Verify the audit log against the heads and the public key of the installation, or against copies kept elsewhere.

    Raises `ConfigError` when there is nothing to verify, or nothing to verify it with.
    """
    layout = Layout.of(settings)
    file = heads or settings.audit.heads or layout.audit_heads
    public = AuditVerificationKey.load(key or layout.audit_public_key)
    if heads is not None and not heads.is_file():
        raise ConfigError(f"{heads}: is missing")
    store = open_store(settings.store_url)
    try:
        return Verified(verifying.verify(store, file, public), file, public.fingerprint)
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {compose.NO_STORE}") from error
    finally:
        store.close()


def lines_of(found: Verified) -> list[str]:
    """A verdict in words, one line each."""
    verdict = found.verdict
    when = f", the last time on {verdict.signed_at.isoformat(timespec='seconds')}" if verdict.signed_at else ""
    lines = [
        f"{verdict.events} events are right, {verdict.signed} of them signed{when}",
        f"{verdict.documents} documents that were in force are kept",
        f"heads: {found.heads}",
        f"key: SHA-256 {found.fingerprint}",
    ]
    if verdict.is_right:
        return ["The audit log is what was written.", *lines]
    broken = [f"event {verdict.broken.number}: {verdict.broken.reason}"] if verdict.broken else []
    return ["The audit log is NOT what was written.", *broken, *verdict.altered, *lines]
