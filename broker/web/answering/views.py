"""The two links that clients get: to answer an invitation, and to put a second signature."""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Blueprint, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.core.administration import scope_parts, scope_words
from broker.core.administration.advice import advise
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import Representative
from broker.core.identifiers import Oin, ServiceUuid
from broker.core.mandates import ChainStatus
from broker.core.scope import EVERYTHING, Scope
from broker.core.text import Text
from broker.simulator.administration import answering, signing
from broker.simulator.administration.answering import Consent, Opened
from broker.simulator.administration.signing import ToSign
from broker.web import pages
from broker.web.answering.forms import ALONE, ConsentForm, DeclineForm, NextSigner, who_next
from broker.web.answering.pages import Answer, Answered, CannotAnswer, ScopeItem, Sign
from broker.web.current import simulator
from broker.web.management.forms import UNPROCESSABLE
from broker.web.management.register_pages import Fact
from broker.web.management.showing import fact, facts_of, told

blueprint = Blueprint("answering", __name__)
log = structlog.get_logger("broker")

_ALL: Final = "*"
_NONE_CHOSEN: Final = Text("Kies ten minste één onderdeel.", "Choose at least one part.")
_AT_FIELDS: Final = {
    Obstacle.SIGNATORY_NOT_AUTHORISED: "cosigner",
    Obstacle.SCOPE_UNKNOWN: "item",
    Obstacle.SIGNATURES_MISSING: "cosigner",
}


@blueprint.get("/uitnodiging/<token>")
def invitation(token: str) -> Response:
    """What is asked, by whom; agree or decline."""
    opened = answering.opened(simulator(), token)
    return _ask(token, opened, ConsentForm(item=_values(opened.invitation.scope)))


@blueprint.post("/uitnodiging/<token>/akkoord")
def accept(token: str) -> Response:
    """Agree and sign."""
    opened = answering.opened(simulator(), token)
    form = ConsentForm(request.form)
    form.offer(opened.representatives)
    scope = _chosen(opened.invitation, form)
    right = form.validate()
    if scope is None:
        form.refuse("item", _NONE_CHOSEN)
    cosigner = form.next_one()
    if not right or form.mistakes or scope is None:
        return _ask(token, opened, form, status=UNPROCESSABLE)
    try:
        made = answering.accept(simulator(), token, Consent(form.representative.data, scope, cosigner))
    except ChangeRefused as error:
        if error.obstacle not in _AT_FIELDS:
            raise
        form.refuse(*_mistake(error, form.representative.data, opened.representatives))
        return _ask(token, opened, form, status=UNPROCESSABLE)
    return _done(made, opened.intermediary.statutory_name, renewal=opened.invitation.renews is not None)


@blueprint.post("/uitnodiging/<token>/afwijzen")
def decline(token: str) -> Response:
    """Decline."""
    form = DeclineForm(request.form)
    if not form.validate():
        opened = answering.opened(simulator(), token)
        return _ask(token, opened, ConsentForm(item=_values(opened.invitation.scope)), form, UNPROCESSABLE)
    answering.decline(simulator(), token, form.reason.data or "")
    return _declined()


@blueprint.get("/ondertekenen/<token>")
def signature(token: str) -> Response:
    """What is signed, and by whom already."""
    return _ask_signature(token, signing.opened(simulator(), token), NextSigner())


@blueprint.post("/ondertekenen/<token>/akkoord")
def sign(token: str) -> Response:
    """Sign."""
    found = signing.opened(simulator(), token)
    form = NextSigner(request.form)
    form.offer(found.others)
    right, cosigner = form.validate(), form.next_one()
    if not right or form.mistakes:
        return _ask_signature(token, found, form, status=UNPROCESSABLE)
    try:
        made = signing.sign(simulator(), token, cosigner)
    except ChangeRefused as error:
        if error.obstacle not in _AT_FIELDS:
            raise
        form.refuse(*_mistake(error, found.link.representative, found.others))
        return _ask_signature(token, found, form, status=UNPROCESSABLE)
    return _done(made, found.intermediary.statutory_name, renewal=found.invitation.renews is not None)


@blueprint.post("/ondertekenen/<token>/afwijzen")
def refuse(token: str) -> Response:
    """Do not sign."""
    form = DeclineForm(request.form)
    if not form.validate():
        return _ask_signature(token, signing.opened(simulator(), token), NextSigner(), form, UNPROCESSABLE)
    signing.refuse(simulator(), token, form.reason.data or "")
    return _declined()


@blueprint.errorhandler(ChangeRefused)
def refused(error: ChangeRefused) -> Response:
    """Why nothing can be done by this link, or not now. The link is not in the log: it lets in whoever reads it."""
    log.info("answering.not_done", obstacle=error.obstacle.value, endpoint=request.endpoint)
    words = advise(error.obstacle)
    page = CannotAnswer(reason=words.reason, next_step=words.next_step, code=error.obstacle.value)
    return pages.render(
        page, HTTPStatus.NOT_FOUND if error.obstacle is Obstacle.LINK_NOT_VALID else HTTPStatus.CONFLICT
    )


def _ask(
    token: str, opened: Opened, form: ConsentForm, decline_form: DeclineForm | None = None, status: int = 200
) -> Response:
    form.offer(opened.representatives)
    one = opened.invitation
    items = () if one.renews else _items(one.scope, set(form.item.data or ()))
    return pages.render(
        Answer(
            intermediary=opened.intermediary.statutory_name,
            renewal=one.renews is not None,
            terms=_asked(one),
            party=facts_of(opened.intermediary),
            client=facts_of(opened.extract),
            items=items if len(items) > 1 else (),
            form=form,
            several=any(person.authority not in ALONE for person in opened.representatives),
            accept_url=url_for("answering.accept", token=token),
            decline_form=decline_form or DeclineForm(),
            decline_url=url_for("answering.decline", token=token),
            hidden=_hidden(),
        ),
        status,
    )


def _ask_signature(
    token: str, found: ToSign, form: NextSigner, decline_form: DeclineForm | None = None, status: int = 200
) -> Response:
    form.offer(found.others)
    return pages.render(
        Sign(
            representative=found.link.representative,
            signed=found.signed,
            terms=(
                fact(Text("Intermediair", "Intermediary"), found.intermediary.statutory_name),
                fact(Text("Uw organisatie", "Your organisation"), found.client.statutory_name),
                *_asked(found.invitation, found.mandate.mandate.scope),
            ),
            form=form,
            several=bool(found.others),
            sign_url=url_for("answering.sign", token=token),
            decline_form=decline_form or DeclineForm(),
            decline_url=url_for("answering.refuse", token=token),
            hidden=_hidden(),
        ),
        status,
    )


def _asked(one: Invitation, scope: Scope | None = None) -> tuple[Fact, ...]:
    return (
        fact(Text("Geldt voor", "Covers"), *scope_words.in_full(simulator().catalogue, scope or one.scope)),
        fact(Text("Niveau", "Level"), one.level.label),
        fact(Text("Geldig tot en met", "Valid until"), one.valid_until),
    )


def _items(scope: Scope, ticked: set[str]) -> tuple[ScopeItem, ...]:
    """The parts that what is asked can be taken apart into."""
    catalogue = simulator().catalogue
    if scope.everything:
        everything = ScopeItem(value=_ALL, name=scope_words.in_full(catalogue, scope)[0], ticked=_ALL in ticked)
        providers = scope_parts.providers(scope_parts.open_to_chains(catalogue)).keys()
        parts = [Scope(providers=frozenset({oin})) for oin in providers]
    else:
        everything = None
        parts = [Scope(providers=frozenset({oin})) for oin in sorted(scope.providers)]
        parts += [Scope(services=frozenset({uuid})) for uuid in sorted(scope.services)]
    named = [(next(iter(part.providers or part.services)), part) for part in parts]
    items = [
        ScopeItem(value=value, name=scope_words.in_full(catalogue, part)[0], ticked=value in ticked)
        for value, part in named
    ]
    return (*((everything,) if everything else ()), *items)


def _values(scope: Scope) -> list[str]:
    """What is ticked when everything that is asked is given."""
    return [_ALL] if scope.everything else [*scope.providers, *scope.services]


def _chosen(one: Invitation, form: ConsentForm) -> Scope | None:
    """What was ticked; None for nothing. Where there was nothing to choose it is what was asked."""
    if one.renews is not None or len(_items(one.scope, set())) == 1:
        return one.scope
    ticked = set(form.item.data or ())
    if _ALL in ticked:
        return EVERYTHING if one.scope.everything else None
    offered = {item.value for item in _items(one.scope, set())} & ticked
    providers = frozenset(Oin(value) for value in offered if Oin.pattern.fullmatch(value))
    services = frozenset(ServiceUuid(value) for value in offered if ServiceUuid.pattern.fullmatch(value))
    return Scope(providers=providers, services=services) if offered else None


def _mistake(error: ChangeRefused, name: str, people: tuple[Representative, ...]) -> tuple[str, Text]:
    """At which field a refusal belongs, and what it says there."""
    if error.obstacle is Obstacle.SIGNATURES_MISSING:
        return "cosigner", who_next()
    unknown = error.obstacle is Obstacle.SIGNATORY_NOT_AUTHORISED and name not in {one.name for one in people}
    return ("representative" if unknown else _AT_FIELDS[error.obstacle]), told(error)


def _done(made: FiledMandate, intermediary: str, *, renewal: bool) -> Response:
    status = made.mandate.status
    if status is ChainStatus.SIGNING or renewal:
        lead = Text(
            "Zijn er meer handtekeningen nodig? Dan krijgt de volgende persoon een mail met een link.",
            "If more signatures are needed, the next person gets a mail with a link.",
        )
    elif status is ChainStatus.ACTIVE:
        lead = Text(
            f"De machtiging is actief: {intermediary} kan namens u inloggen. U krijgt een mail waarin staat hoe u de "
            "machtiging kunt intrekken.",
            f"The mandate is active: {intermediary} can log in on your behalf. You get a mail that says how you can "
            "revoke the mandate.",
        )
    else:
        lead = Text(
            "Het register controleert de gegevens. U krijgt een mail als de machtiging actief is.",
            "The register checks the data. You get a mail when the mandate is active.",
        )
    return pages.render(
        Answered(heading=Text("U hebt getekend", "You have signed"), lead=(lead, _close()), hidden=_hidden())
    )


def _declined() -> Response:
    lead = Text("De intermediair krijgt hierover bericht.", "The intermediary will hear of this.")
    heading = Text("U hebt het verzoek afgewezen", "You have declined the request")
    return pages.render(Answered(heading=heading, lead=(lead, _close()), hidden=_hidden()))


def _close() -> Text:
    return Text("U kunt deze pagina sluiten.", "You can close this page.")


def _hidden() -> dict[str, str]:
    return {"csrf_token": generate_csrf()}
