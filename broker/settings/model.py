"""What can be set: sections, values, defaults, and what each is for."""

import json
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from broker.core.assurance import AssuranceLevel
from broker.saml.dialects import Advice, ArtifactDelivery, DialectName, NumberWay, Way
from broker.settings.control import Api, Tenants
from broker.settings.section import Section

ENVIRONMENT_PREFIX = "KETENBROKER_"
OFF: Final = "none"


def _decoded(value: object) -> object:
    """What a variable says in JSON; anything else, as the file gives it, stays."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error


def _listed(value: object) -> object:
    """A list in one text: `one.xml, two.xml`, or the same in JSON for values with a comma."""
    if not isinstance(value, str):
        return value
    return _decoded(value) if value.lstrip().startswith("[") else [item.strip() for item in value.split(",")]


def _one_line(value: str) -> str:
    """A text that can stand in a message: XML has no place for control characters, and the scheme none for nothing."""
    if not value.strip() or not value.isprintable():
        raise ValueError("expected one line of text that can be read")
    return value


CAN_BE_OFF: Final = BeforeValidator(lambda value: None if value == OFF else value)
"""Marks a setting that `none` switches off; TOML has no word for nothing."""
_Words = Annotated[str, AfterValidator(_one_line)]
_LIST: Final = (NoDecode, BeforeValidator(_listed))


class Listener(Section):
    """Where a program listens, and under which address others know it."""

    host: str = Field(description="Host name or address, also the host in the addresses that the party publishes.")
    port: int = Field(ge=1, le=65535, description="TCP port.")
    base_url: str | None = Field(
        default=None, description="Public address, when it differs from scheme://host:port (behind a proxy, say)."
    )

    def _url(self, scheme: str) -> str:
        return (self.base_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")


class Server(Listener):
    """Where one party listens."""

    tls: bool = Field(default=False, description="Serve https, with the party's own certificate for TLS.")

    @property
    def url(self) -> str:
        """The public address, without a slash at the end."""
        return self._url("https" if self.tls else "http")


class Broker(Server):
    """The broker (herkenningsmakelaar)."""

    host: str = Field(default="localhost", description="Host name that the broker listens on and publishes.")
    port: int = Field(default=8080, ge=1, le=65535, description="TCP port.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes; any number may share one store.")
    threads: int = Field(default=4, ge=1, le=64, description="Threads in each process.")
    remember_choice: bool = Field(
        default=True,
        description="Offer the authentication service that was chosen last time again, if there is more than one.",
    )


class BackChannel(Listener):
    """Where service providers resolve artifacts when the broker serves https. Here a client certificate is required."""

    host: str = Field(default="localhost", description="Host name that the broker listens on and publishes.")
    port: int = Field(default=8083, ge=1, le=65535, description="TCP port.")
    authorities: Annotated[tuple[Path, ...], *_LIST] = Field(
        default=(),
        description="Files (PEM) with the authorities of the certificates that service providers use for TLS, or these "
        "certificates themselves. Those of the test CA are always accepted.",
    )

    @property
    def url(self) -> str:
        """The public address, without a slash at the end."""
        return self._url("https")


class Stub(Server):
    """The stub authentication service (authenticatiedienst)."""

    host: str = Field(default="127.0.0.1", description="Host name that the stub listens on and publishes.")
    port: int = Field(default=8081, ge=1, le=65535, description="TCP port.")


class Demo(Server):
    """The demo service provider (dienstverlener)."""

    host: str = Field(default="127.0.0.1", description="Host name that the demo service provider listens on.")
    port: int = Field(default=8082, ge=1, le=65535, description="TCP port.")


class Paths(Section):
    """Folders and files, relative to the folder of the settings file (or the current folder)."""

    certs: Path = Field(default=Path("certs"), description="Test CA, certificates, keys and secrets.")
    state: Path = Field(default=Path("var"), description="The store and generated metadata.")
    catalogues: Annotated[tuple[Path, ...], *_LIST] = Field(
        default=(Path("metadata/service-catalogue.xml"),), description="Service catalogues in the scheme's format."
    )
    sample_register: Path = Field(
        default=Path("metadata/sample-register.yaml"), description="Sample organisations, people and mandates."
    )
    trade_register: Path = Field(
        default=Path("metadata/trade-register.yaml"),
        description="What the stub of KVK's trade register knows besides the organisations of the register.",
    )


class Store(Section):
    """The store."""

    url: str | None = Field(
        default=None,
        description="SQLAlchemy URL: sqlite:///file or postgresql+psycopg://…; default a SQLite file in paths.state.",
    )


class Messages(Section):
    """Times of messages. The scheme leaves or hides these; the defaults are what is seen in practice."""

    clock_skew_seconds: int = Field(default=60, ge=0, description="How far clocks of two parties may differ.")
    request_age_seconds: int = Field(default=300, ge=1, description="How old a message may be on arrival.")
    artifact_seconds: int = Field(default=120, ge=1, description="Life of an artifact.")
    assertion_seconds: int = Field(default=120, ge=1, description="Life of an assertion.")
    resolution_seconds: int = Field(
        default=5, ge=1, le=60, description="How long a service provider may take to hand over a request by artifact."
    )
    login_minutes: int = Field(default=15, ge=1, description="How long a user may take for a login.")
    logout_hours: int = Field(
        default=24,
        ge=1,
        description="How long the broker knows at which authentication service a login was, so that logging out works.",
    )


class Errors(Section):
    """What a service provider is told when a login ends without an assertion (etd Error handling).

    A text is the StatusMessage, which the scheme leaves free; without one it is the text of the rule that was broken.
    """

    cancelled_text: _Words = Field(default="Authentication cancelled", description="The person stopped.")
    level_code: Literal["requester", "responder"] = Field(
        default="requester", description="Top-level status code for a level of assurance that cannot be delivered."
    )
    level_text: _Words | None = Field(default="Level of assurance not supported", description="Its text.")
    undeliverable_code: Literal["requester", "responder"] = Field(
        default="responder",
        description="Top-level status code for a service that needs an identifier or attribute that nobody delivers.",
    )
    undeliverable_text: _Words | None = Field(default=None, description="Its text.")
    unsupported_text: _Words | None = Field(
        default=None,
        description="Text for any other request that cannot be: an unknown service, IsPassive, an unknown "
        "authentication service, another Comparison than minimum.",
    )
    failed_text: _Words = Field(default="Internal error", description="The broker itself failed.")


class Policy(Section):
    """What suppliers of registers differ on; the defaults are those of the We-ID profile."""

    chain_min_level: Annotated[AssuranceLevel | None, CAN_BE_OFF] = Field(
        default=AssuranceLevel.EH3, description="Lowest level for any login in a chain, whatever the service asks."
    )
    relation_must_be_active: bool = Field(
        default=True, description="Refuse a client that the trade register does not hold as active."
    )
    intermediary_must_be_active: bool = Field(default=True, description="The same for the intermediary.")
    organisation_must_be_active: bool = Field(default=True, description="The same for one's own organisation.")
    lapse_after_months: Annotated[int | None, CAN_BE_OFF] = Field(
        default=24, ge=1, description="A person who used no mandate for longer has lapsed."
    )
    services_without_chain: Annotated[tuple[str, ...], *_LIST] = Field(
        default=(), description="ServiceIDs of services that accept no chain mandate; the catalogue has no such flag."
    )
    pseudonym_scope: Literal["authorising-org", "full-chain"] = Field(
        default="authorising-org",
        description="What ActingSubjectID depends on in a chain: the intermediary only, or the client too. Sources of "
        "the scheme conflict; the default gives one value for all clients of an intermediary.",
    )


class LoginOptions(Section):
    """The screens of a login."""

    developer_drawer: bool = Field(
        default=True,
        description="Let whoever logs in see which organisations are hidden and why, and revoke a chain mandate in the "
        "middle of the login. A real broker shows this to nobody; it is never told to a service provider.",
    )


class MandateOptions(Section):
    """The register of mandates and its Beheermodule. Suppliers differ on these; the defaults are the We-ID profile."""

    module_level: AssuranceLevel = Field(
        default=AssuranceLevel.EH2_PLUS, description="Lowest level of regular means that opens the Beheermodule."
    )
    chain_level: Annotated[AssuranceLevel | None, CAN_BE_OFF] = Field(
        default=AssuranceLevel.EH3,
        description="Lowest level of managers, mandates and coupled means for everything about chain mandates.",
    )
    intermediary_may_renounce: bool = Field(
        default=True,
        description="Whether an intermediary may end a mandate that the client issued itself; the source is silent.",
    )
    allow_chain_branch: bool = Field(default=False, description="Whether a chain mandate may be for one branch.")
    automatic_activation: bool = Field(
        default=True,
        description="Activate a signed mandate at once when KVK confirms the client; else the operator reviews it.",
    )
    check_days: int = Field(default=14, ge=0, description="How old a KVK check may be when a mandate is activated.")
    invitation_months: int = Field(default=3, ge=1, description="How long an invitation can be answered.")
    signing_months: int = Field(default=3, ge=1, description="How long signatures may take before the request lapses.")
    price_cents: int = Field(default=1995, ge=0, description="Price of a chain mandate a year, in cents; VAT unknown.")
    price_reading: Literal["per_relation", "flat"] = Field(
        default="per_relation",
        description="Whether that price is for each client, or one price however many clients: the source has both.",
    )


class MailOptions(Section):
    """Mail. Every mail is in the mailbox of the simulator; it is also sent when a mail server is named."""

    smtp_host: Annotated[str | None, CAN_BE_OFF] = Field(
        default=None,
        description="Host name of the mail server (SMTP, without login or TLS): a mail catcher on this machine, say.",
    )
    smtp_port: int = Field(default=1025, ge=1, le=65535, description="Its TCP port.")
    sender: str = Field(default="ketenbroker@localhost", description="The address that mails are from.")
    timeout_seconds: int = Field(default=10, ge=1, description="How long the mail server may take for one answer.")


class ServiceProviderOptions(Section):
    """How one service provider is judged and answered; the section is named after its EntityID, in quotes."""

    dialect: DialectName | None = Field(
        default=None,
        description="The form of the assertion: 1.13 is the scheme's of today, 1.11 its predecessor with one "
        "persistent name and plain identifiers, flat what some brokers make of it: everything a plain attribute. "
        "Default: that of the address that the request came to, 1.13 or 1.11.",
    )
    advice: Advice | None = Field(
        default=None,
        description="Whether the signed statements of authentication service and registers go along in Advice: full, "
        "or none for software that cannot read assertions inside assertions. Default: full; with dialect flat none.",
    )
    intermediary_name: Way | None = Field(
        default=None,
        description="The intermediary's name as EncryptedAttribute, as plain attribute, or left out. Software built on "
        "python3-saml refuses every EncryptedAttribute. Default: encrypted; with dialect 1.11 omitted, flat plain.",
    )
    intermediary_number: NumberWay = Field(
        default="plain",
        description="The intermediary's KvK number (IntermediateEntityID:KvKnr) in plain text, or as EncryptedID. The "
        "scheme's text about it was only partly readable.",
    )
    intermediary_rsin: bool = Field(
        default=False, description="Give the intermediary's RSIN as well, if it has one (IntermediateEntityID:RSIN)."
    )
    intermediary_subject: bool = Field(
        default=False,
        description="Give IntermediateSubjectID as well: the intermediary as EncryptedID, as the scheme's text of 2023 "
        "has it.",
    )
    requested_attributes: Way | None = Field(
        default=None,
        description="Attributes that the service asks for as EncryptedAttribute, as plain attribute, or left out. "
        "Default: encrypted; with dialect flat plain.",
    )
    strictness: Literal["lenient", "strict"] = Field(
        default="lenient",
        description="What happens to a request that is not by the book but that real software sends: it is noted in "
        "the log and in the history of the login, or refused. The page about rules says which rules that are.",
    )
    artifact_delivery: ArtifactDelivery = Field(
        default="redirect",
        description="How the browser brings the artifact of an answer: in the address (GET), or in a form (POST).",
    )


class Management(Section):
    """The Beheermodule of the mandate register."""

    session_hours: int = Field(default=8, ge=1, le=24, description="After so many hours one has to log in again.")
    idle_minutes: int = Field(
        default=30, ge=1, description="So many minutes without asking for a page end the session as well."
    )


class Operator(Section):
    """The operator's area, `/operator`: pages to manage the simulator with."""

    enabled: bool = Field(
        default=True,
        description="Whether the area is there. It never is when the broker listens on another host than loopback, or "
        "publishes one: whoever comes in may do everything.",
    )


class Audit(Section):
    """The audit log, and what is kept of logins."""

    heads: Path | None = Field(
        default=None,
        description="The file of signed heads. Default audit-heads.jsonl in paths.state; elsewhere it also protects "
        "against who can write there.",
    )
    head_seconds: int = Field(default=60, ge=1, description="How often a head is signed; also at each stop.")
    body_days: int = Field(default=365, ge=0, description="How long what messages of logins said is kept.")
    untrusted_days: int = Field(default=30, ge=0, description="How long messages of unproven senders are kept.")
    untrusted_most: int = Field(default=1000, ge=0, description="How many of those are kept: anyone can send them.")


class Logging(Section):
    """The log."""

    format: Literal["console", "json"] = Field(default="console", description="One readable line, or one JSON object.")


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )

    broker: Broker = Broker()
    back_channel: BackChannel = BackChannel()
    stub: Stub = Stub()
    demo: Demo = Demo()
    paths: Paths = Paths()
    store: Store = Store()
    messages: Messages = Messages()
    errors: Errors = Errors()
    policy: Policy = Policy()
    login: LoginOptions = LoginOptions()
    mandates: MandateOptions = MandateOptions()
    management: Management = Management()
    operator: Operator = Operator()
    mail: MailOptions = MailOptions()
    audit: Audit = Audit()
    api: Api = Api()
    tenants: Tenants = Tenants()
    logging: Logging = Logging()
    service_providers: Annotated[dict[str, ServiceProviderOptions], NoDecode, BeforeValidator(_decoded)] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file; nothing else is read."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def store_url(self) -> str:
        """The address of the store."""
        return self.store.url or f"sqlite:///{self.paths.state / 'ketenbroker.sqlite'}"

    def with_tls(self) -> "Settings":
        """These settings, but all three parties serve https."""
        servers = {"broker": self.broker, "stub": self.stub, "demo": self.demo}
        return self.model_copy(
            update={name: server.model_copy(update={"tls": True}) for name, server in servers.items()}
        )
