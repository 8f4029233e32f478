"""Register, look at and remove service providers."""

from dataclasses import dataclass
from typing import Final

import structlog
from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from broker.core.errors import NotFound
from broker.core.text import Text
from broker.rules.metadata_report import Remark, refusal
from broker.saml import document
from broker.saml.faults import DocumentReason, MetadataRejected
from broker.simulator import metadata_source, service_providers
from broker.simulator.service_providers import Entry
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import said
from broker.web.operator import pages, presentation
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("service_providers", __name__, url_prefix="/service-providers")
log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_BAD_REQUEST: Final = 400
_NO_SOURCE: Final = Text(
    "Kies een bestand, vul een webadres in, of plak de metadata zelf.",
    "Choose a file, fill in a web address, or paste the metadata itself.",
)
_SEVERAL_SOURCES: Final = Text(
    "Geef de metadata op één manier: als bestand, met een webadres of als tekst.",
    "Give the metadata in one way: as a file, by a web address or as text.",
)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was filled in: at most one of these should be."""

    file: bytes
    address: str
    text: str

    @classmethod
    def of_request(cls) -> "_Given":
        uploaded = request.files.get("file")
        return cls(
            file=uploaded.read() if uploaded else b"",
            address=request.form.get("address", "").strip(),
            text=request.form.get("text", "").strip(),
        )

    @property
    def incomplete(self) -> Text | None:
        """What is wrong with the form, if anything."""
        given = sum(map(bool, (self.file, self.address, self.text)))
        return None if given == 1 else _SEVERAL_SOURCES if given else _NO_SOURCE

    def octets(self) -> bytes:
        """The metadata; raises `MetadataRejected` when there is none at the address."""
        if self.address:
            return metadata_source.fetch(self.address, simulator().tls)
        return self.file or self.text.encode()

    def form(self) -> pages.RegistrationForm:
        """The form as it was filled in; browsers do not keep a file, so its text goes where text goes."""
        return _form(address=self.address, text=self.text or self.file.decode(errors="replace"))


@blueprint.get("")
def listing() -> Response:
    """Who is registered, and a form to register somebody."""
    sim = simulator()
    known = service_providers.entries(sim.store, sim.clock(), sim.service_certificates)
    entries = tuple(presentation.registered(sim, item, _url("show", item.entity_id)) for item in known)
    return common.render(pages.ServiceProviders(**frame(), entries=entries, form=_form()))


@blueprint.post("")
def register() -> AnyResponse:
    """Register metadata from a file, an address or the form itself. Whatever is wrong, nothing changes."""
    given, sim, octets = _Given.of_request(), simulator(), b""
    if given.incomplete:
        return _refused(given.form(), incomplete=given.incomplete)
    try:
        octets = given.octets()
        known = service_providers.register(sim.store, octets, sim.clock(), sim.service_certificates).metadata
    except MetadataRejected as rejected:
        found = refusal(octets, rejected)
        log.info("registration.refused", rule=found.rule, detail=str(rejected))
        return _refused(given.form(), found)
    log.info("registration.done", service_provider=known.entity_id)
    flash(said(Text(f"{known.display_name.nl} is geregistreerd.", f"{known.display_name.en} is registered.")))
    return redirect(_url("show", known.entity_id), _SEE_OTHER)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    """What was given is not even read, so the form comes back empty."""
    what = f"larger than a message may be, {document.MAX_BYTES // 1024} KiB"
    return _refused(_form(), refusal(b"", MetadataRejected(DocumentReason.TOO_LARGE, "document", what, "limit")))


@blueprint.get("/show")
def show() -> Response:
    """One service provider, by its EntityID: what the other side needs, findings, facts."""
    sim, item = simulator(), _entry()
    return common.render(
        pages.ServiceProvider(
            **frame(),
            provider=presentation.registered(sim, item, _url("show", item.entity_id)),
            needed=presentation.needed(sim, item.entity_id),
            consumers=tuple(dict.fromkeys(known.location for known in item.metadata.assertion_consumers))
            if item.metadata
            else (),
            options=presentation.options(sim, item.entity_id),
            remove_url=_url("confirm_removal", item.entity_id),
        )
    )


@blueprint.get("/remove")
def confirm_removal() -> Response:
    """Asks whether to remove the service provider with this EntityID."""
    item = _entry()
    return common.render(
        pages.RemoveServiceProvider(
            **frame(),
            name=presentation.name_of(item),
            entity_id=item.entity_id,
            action=url_for(".remove"),
            hidden={**hidden(), "entity_id": item.entity_id},
            back_url=_url("show", item.entity_id),
        )
    )


@blueprint.post("/remove")
def remove() -> AnyResponse:
    """Remove it; somebody else may have done so meanwhile, which is as well."""
    entity_id = request.form.get("entity_id", "")
    if service_providers.remove(simulator().store, entity_id):
        log.info("registration.removed", service_provider=entity_id)
        flash(said(Text(f"{entity_id} is verwijderd.", f"{entity_id} was removed.")))
    return redirect(url_for(".listing"), _SEE_OTHER)


def _entry() -> Entry:
    sim, entity_id = simulator(), request.args.get("entity_id", "")
    found = service_providers.entry(sim.store, entity_id, sim.clock(), sim.service_certificates)
    if found is None:
        raise NotFound
    return found


def _form(address: str = "", text: str = "") -> pages.RegistrationForm:
    return pages.RegistrationForm(action=url_for(".register"), hidden=hidden(), address=address, text=text)


def _refused(form: pages.RegistrationForm, *found: Remark, incomplete: Text | None = None) -> Response:
    page = pages.RegistrationRefused(**frame(), form=form, remarks=found, incomplete=incomplete)
    return common.render(page, _BAD_REQUEST)


def _url(endpoint: str, entity_id: str) -> str:
    return url_for(f".{endpoint}", entity_id=entity_id)
