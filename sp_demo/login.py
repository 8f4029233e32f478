"""The use case: send a visitor to the broker, and make sense of what comes back."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sp_demo import checks
from sp_demo.broker import Broker, read_broker
from sp_demo.client import PortalClient
from sp_demo.clock import Clock
from sp_demo.decryption import Recipient
from sp_demo.facts import read_facts
from sp_demo.keys import read_own_key
from sp_demo.receive import Status, read_answer
from sp_demo.refusal import Reason, Refused
from sp_demo.settings import Portal, Service, Settings
from sp_demo.store import Login, Session, Store

NewId = Callable[[], str]


def random_id() -> str:
    """`_` and 32 hexadecimal characters: an XML ID, an opaque RelayState (33 of 80 bytes), a session token."""
    return "_" + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the browser must post to the broker to begin a login."""

    destination: str
    request: str
    relay_state: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The session that was opened, and the token to find it by."""

    token: str


@dataclass(frozen=True, slots=True)
class _Connection:
    portal: Portal
    client: PortalClient
    recipient: Recipient


class Logins:
    """Logins of all portals."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, new_id: NewId) -> None:
        """Reads keys and the broker's metadata; raises `ConfigError`."""
        self._settings = settings
        self._store = store
        self._new_id = new_id
        self.broker = read_broker(settings.broker_metadata_file)
        self._connections = {portal.key: _connect(settings, portal, self.broker, clock) for portal in settings.portals}

    def begin(self, portal: Portal, service: Service, browser: str, provider_name: str, now: datetime) -> Ticket:
        """Make a signed request for `service` and remember it for this browser.

        `provider_name` is what the broker may show beside the name of the service.
        """
        login = Login(self._new_id(), self._new_id(), browser, portal.key, service.index)
        request = self._connections[portal.key].client.login_request(login.request_id, service.index, provider_name)
        self._store.begin(login, now)
        return Ticket(self.broker.sso_url, request, login.relay_state)

    def find(self, portal: Portal, relay_state: str, browser: str, now: datetime) -> Login:
        """The login under way that this browser comes back for; raises `Refused` (NO_LOGIN)."""
        return self._store.find(portal.key, relay_state, browser, now)

    def finish(self, login: Login, artifact: str, now: datetime) -> LoggedIn | Status:
        """Resolve `artifact` and verify all of the answer; opens a session, or gives the status that is not Success.

        Raises `Refused`; the login then stays under way, so that nobody can end another's by sending rubbish.
        """
        connection = self._connections[login.portal]
        service = connection.portal.service(login.service)
        if service is None:
            raise Refused(Reason.NO_LOGIN, f"service {login.service} is not offered any more")
        resolve_id = self._new_id()
        envelope = connection.client.resolve(artifact, resolve_id)
        answer = read_answer(envelope, self.broker.keys, now)
        applied = checks.run(
            answer,
            checks.Expected(
                broker=self.broker.entity_id,
                entity_id=connection.portal.entity_id,
                acs_url=self._settings.acs_url(connection.portal),
                resolve_id=resolve_id,
                request_id=login.request_id,
                service_id=service.service_id,
                level=service.level,
                now=now,
            ),
        )
        connection.client.judge(answer.document, login.request_id)
        if answer.assertion is None:
            self._store.finish(login)
            return answer.status
        session = Session(
            facts=read_facts(answer.assertion, connection.recipient),
            request_id=login.request_id,
            response_id=answer.response.get("ID", ""),
            checks=("signatures", *applied, "second_opinion", "used_once"),
        )
        opened = LoggedIn(self._new_id())
        self._store.open_session(login, session, opened.token, now)
        return opened


def _connect(settings: Settings, portal: Portal, broker: Broker, clock: Clock) -> _Connection:
    signing = read_own_key(portal.signing_key_file, portal.signing_certificate_file)
    encryption = read_own_key(portal.encryption_key_file, portal.encryption_certificate_file)
    client = PortalClient(settings, portal, broker, signing, clock)
    return _Connection(portal, client, Recipient(portal.entity_id, {encryption.name: encryption.key}))
