"""Every page of the broker and of the stub with values as they occur, and small applications that serve them."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from flask import Flask, Response, abort, redirect, request, url_for

import idp_stub.pages
import idp_stub.texts
from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web import headers, language, pages
from broker.web.drawer import Drawer, Fact, HiddenEntries, HiddenEntry, TracedEntry
from broker.web.pages import (
    AuthenticationCancelled,
    ChooseAuthenticationService,
    ChooseRepresentation,
    Code,
    ConfirmRepresentation,
    Finished,
    Help,
    Home,
    LogoutImpossible,
    Option,
    Party,
    Problem,
    Refusal,
    Representation,
    Results,
    SendForm,
    ServiceAsked,
)
from tests.web import desk_samples, invitation_samples, login_samples, module_samples, register_samples
from tests.web.inspector_samples import INSPECTOR_PAGES
from tests.web.operator_samples import OPERATOR_PAGES

SERVICE_PROVIDER = "http://127.0.0.1:8082"
ASKED = ServiceAsked(
    service=Text("Jaarrekening deponeren", "File annual accounts"),
    provider=Text("KVK (test)", "KVK (test)"),
    level=AssuranceLevel.EH3,
    provider_name="Mijn KVK",
    description=Text("U levert de jaarrekening van een rechtspersoon aan.", "You hand in a legal entity's accounts."),
)
STEP = {
    "asked": ASKED,
    "cancel_url": "/posted?cancel",
    "hidden": {"csrf_token": "c5rf", "step": "choose"},
    "finish_before": datetime(2026, 11, 23, 13, 35, tzinfo=UTC),
    "form_targets": (f"{SERVICE_PROVIDER}/acs",),
}
INTERMEDIARY = "Administratiekantoor Van Beek en Partners B.V."
OWN = Representation(
    token="token-own",
    name=INTERMEDIARY,
    kvk_number="90000021",
    city="Utrecht",
    level=AssuranceLevel.EH3,
)
_NAMES = (
    "Aannemersbedrijf De Vaste Voet B.V.",
    "Bakkerij De Korenaar",
    "Coöperatieve Zuivelvereniging Noord-Oost-Twente en Achterhoek U.A.",
    "Drukkerij Het Lood V.O.F.",
    "Éénmanszaak J. Ørsted",
    "Fietsenmaker Ketting & Zoon",
)


def client(number: int) -> Representation:
    """The client with this number, from 1; its values differ in the ways that clients differ."""
    return Representation(
        token=f"token-{number}",
        name=_NAMES[number % len(_NAMES)] + (f" ({number})" if number >= len(_NAMES) else ""),
        kvk_number=f"{90001000 + number}",
        city=("Bergen op Zoom", "Enschede", "’s-Hertogenbosch")[number % 3],
        level=(AssuranceLevel.EH3, AssuranceLevel.EH4)[number % 2],
        valid_until=date(2027, 12, 31) if number % 4 else None,
        expires_soon=number % 6 == 1,
        intermediary=INTERMEDIARY,
        branch="900000002142" if number % 7 == 3 else None,
    )


def choose_representation(own: tuple[Representation, ...], count: int, **other: object) -> ChooseRepresentation:
    values: dict[str, object] = {
        "person": "Anna van den Berg-Schoonhoven",
        "own": own,
        "clients": tuple(client(number) for number in range(1, count + 1)),
        "results": Results(total=812),
        "list_url": "/choose_representation",
        "choose_url": "/posted",
        "pin_url": "/posted",
    }
    return ChooseRepresentation(**{**STEP, **values, **other})


DRAWER = Drawer(
    question=(
        Fact(name=Text("Nodig niveau", "Level needed"), value="EH3"),
        Fact(name=Text("Regels", "Rules"), value="chain_min_level: EH3, lapse_after_months: 24"),
    ),
    traced=(
        TracedEntry(
            name="Bakkerij De Korenaar",
            intermediary=INTERMEDIARY,
            kind=Text("koppeling", "coupling"),
            level="EH3",
            parts=(
                Fact(name=Text("inlogmiddel", "means of login"), value="anna-eh3 (level: EH3, type: regular)"),
                Fact(name=Text("ketenmachtiging", "chain mandate"), value="korenaar (version: 2, status: active)"),
            ),
            superseded=("korenaar-2",),
            token="token-1",
        ),
        TracedEntry(
            name=INTERMEDIARY,
            intermediary=None,
            kind=Text("machtiging", "mandate"),
            level="EH3",
            parts=(),
            superseded=(),
            token=None,
        ),
    ),
    hidden=HiddenEntries(
        entries=(
            HiddenEntry(
                name="Drukkerij Het Lood V.O.F.",
                intermediary=INTERMEDIARY,
                kind=Text("koppeling", "coupling"),
                id="lood--anna",
                code="CHAIN_REVOKED",
                reason=Text("De ketenmachtiging is ingetrokken.", "The chain mandate has been revoked."),
            ),
        ),
        total=812,
    ),
    is_open=True,
    query="",
    list_url="/choose_representation",
    revoke_url="/posted",
)

BROKER_PAGES: Mapping[str, pages.Page] = {
    **module_samples.PAGES,
    **register_samples.PAGES,
    **OPERATOR_PAGES,
    **INSPECTOR_PAGES,
    **desk_samples.PAGES,
    **login_samples.PAGES,
    **invitation_samples.PAGES,
    "help": Help(
        refusals=(
            Code(
                code="NO_MANDATE",
                meaning=Text("U heeft geen machtiging.", "You have no mandate."),
                advice=Text("Vraag uw beheerder om u te machtigen.", "Ask your manager to authorise you."),
            ),
        ),
        errors=(
            Code(
                code="EH-FLW-03",
                meaning=Text("U deed er te lang over.", "It took too long."),
                advice=Text("Begin opnieuw.", "Start again."),
            ),
        ),
        rules=(Code(code="EH-SIG-11", meaning=Text("De handtekening klopt niet.", "The signature is wrong.")),),
    ),
    "home": Home(
        parties=(
            Party(
                name=Text("Makelaar", "Broker"),
                role=Text("brengt u van de dienst naar de authenticatiedienst", "takes you from service to login"),
                address="http://localhost:8080/",
            ),
            Party(
                name=Text("Stub Authenticatiedienst A", "Stub Authentication Service A"),
                role=Text("stelt vast wie u bent", "establishes who you are"),
                address="http://127.0.0.1:8081/",
            ),
            Party(
                name=Text("Voorbeelddiensten", "Example services"),
                role=Text("vier portalen waar u kunt inloggen", "four portals where you can log in"),
                address="http://127.0.0.1:8082/",
            ),
        ),
        metadata_url="/broker/metadata/1.13",
        help_url="/help",
        operator_url="/operator_index",
    ),
    "choose_authentication_service": ChooseAuthenticationService(
        **STEP,
        options=(
            Option(value="urn:etoegang:AD:00000099000000020002:entities:9001", name="Voorbeeld Inlogdienst"),
            Option(
                value="urn:etoegang:AD:00000099000000020000:entities:9001",
                name=Text("Stub Authenticatiedienst A", "Stub Authentication Service A"),
            ),
            Option(value="urn:etoegang:AD:00000099000000020001:entities:9001", name="authenticatiedienst Zonder Naam"),
        ),
        choose_url="/posted",
    ),
    "choose_authentication_service_again": ChooseAuthenticationService(
        **STEP,
        options=(Option(value="a", name="Stub Authenticatiedienst A"), Option(value="b", name="Voorbeeld Inlogdienst")),
        choose_url="/posted",
        chosen_before="b",
    ),
    "choose_authentication_service_nothing_chosen": ChooseAuthenticationService(
        **STEP,
        options=(Option(value="a", name="Stub Authenticatiedienst A"), Option(value="b", name="Voorbeeld Inlogdienst")),
        choose_url="/posted",
        nothing_chosen=True,
    ),
    "choose_representation": choose_representation((OWN,), 24),
    "choose_representation_page_5": choose_representation((), 5, results=Results(total=60, number=5, size=5)),
    "choose_representation_found": choose_representation((), 3, results=Results(total=3), query="90001"),
    "choose_representation_empty": choose_representation((), 0, results=Results(total=0), query="<b>Jansen & Zn"),
    "choose_representation_nothing_chosen": choose_representation(
        (OWN,), 2, results=Results(total=3), nothing_chosen=True
    ),
    "choose_representation_at_hand": choose_representation(
        (),
        3,
        pinned=(dataclasses.replace(OWN, pinned=True), dataclasses.replace(client(7), pinned=True)),
        recent=(dataclasses.replace(client(8), pinned=False),),
        clients=tuple(dataclasses.replace(client(number), pinned=number == 2) for number in (1, 2, 3)),
        results=Results(total=2000, more=True),
        message="Bakkerij De Korenaar staat nu bovenaan de lijst.",
        drawer=DRAWER,
    ),
    "confirm_representation": ConfirmRepresentation(
        **STEP,
        person="Anna van den Berg-Schoonhoven",
        candidate=client(3),
        choose_url="/posted",
        other_means_url="/login/x/again",
        drawer=dataclasses.replace(DRAWER, hidden=None),
    ),
    "confirm_representation_low": ConfirmRepresentation(
        **STEP,
        person="Anna van den Berg-Schoonhoven",
        candidate=client(3),
        choose_url="/posted",
        other_means_url="/login/x/again",
        more_with_higher_means=True,
    ),
    "send_form": SendForm(
        heading=Text("U gaat naar Stub Authenticatiedienst A", "You are going to Stub Authentication Service A"),
        target="http://127.0.0.1:8081/sso",
        fields={"SAMLRequest": "PHNhbWxwOkF1dGhuUmVxdWVzdC8+", "RelayState": "r3l4y"},
    ),
    "refusal": Refusal(
        **STEP,
        reason=Text("De ketenmachtiging is ingetrokken.", "The chain mandate has been revoked."),
        next_step=Text(
            "Neem contact op met uw klant. Die kan een nieuwe ketenmachtiging afgeven.",
            "Contact your client, who can grant a new chain mandate.",
        ),
        code="CHAIN_REVOKED",
        person="Anna van den Berg-Schoonhoven",
        organisation="Bakkerij De Korenaar",
        other_organisation_url="/choose_representation",
        other_means_url="/login/x/again",
    ),
    "refusal_without_a_way_on": Refusal(
        **{**STEP, "asked": ServiceAsked(service=ASKED.service, provider=ASKED.provider, level=AssuranceLevel.EH2)},
        reason=Text("U heeft geen machtiging.", "You have no mandate."),
        next_step=Text("Vraag de beheerder om u te machtigen.", "Ask the manager to authorise you."),
        code="NO_MANDATE",
    ),
    "authentication_cancelled": AuthenticationCancelled(
        **STEP,
        authentication_service="Stub Authenticatiedienst A",
        again_url="/login/x/again",
        others_available=True,
        said="<b>Storing</b> tot 12 uur",
    ),
    "authentication_cancelled_only_one": AuthenticationCancelled(
        **STEP,
        authentication_service="Stub Authenticatiedienst A",
        again_url="/login/x/again",
        others_available=False,
    ),
    "finished": Finished(asked=ASKED),
    "finished_unknown": Finished(),
    "logout_impossible": LogoutImpossible(),
    "problem": Problem(
        title=Text("Dit inlogverzoek kan niet worden verwerkt", "This login request cannot be processed"),
        happened=Text(
            "De website waar u vandaan komt stuurde een verzoek dat wij niet kunnen vertrouwen.",
            "The website that you come from sent a request that we cannot trust.",
        ),
        advice=Text("Ga terug naar die website en probeer het opnieuw.", "Go back to that website and try again."),
        code="EH-MSG-02",
        incident="7f3a9c21",
    ),
}


def _means(token: str, level: AssuranceLevel, problem: Text | None = None) -> idp_stub.pages.MeansOption:
    kind = Text("inlogmiddel met app", "means of login with an app")
    return idp_stub.pages.MeansOption(token=token, level=level, kind=kind, problem=problem)


_TOO_LOW = Text("niveau te laag", "level too low")
_BLOCKED = Text("geblokkeerd", "blocked")
_PEOPLE = ("Anna van den Berg-Schoonhoven", "Bilal Yıldız", "Chantal de Wit", "Daan Ørsted")


def _organisation(name: str, count: int) -> idp_stub.pages.Organisation:
    return idp_stub.pages.Organisation(
        name=name,
        people=tuple(
            idp_stub.pages.Person(
                name=person,
                means=(
                    _means(f"{name}-{person}-3", AssuranceLevel.EH3, _BLOCKED if person.startswith("C") else None),
                    _means(f"{name}-{person}-2", AssuranceLevel.EH2_PLUS, _TOO_LOW),
                )[: 1 + index % 2],
            )
            for index, person in enumerate(_PEOPLE[:count])
        ),
    )


def sign_in(*organisations: idp_stub.pages.Organisation, query: str = "") -> idp_stub.pages.SignIn:
    return idp_stub.pages.SignIn(
        broker=Text("Ketenbroker", "Chain broker"),
        level=AssuranceLevel.EH3,
        organisations=organisations,
        list_url="/sign_in",
        sign_in_url="/posted",
        cancel_url="/posted?cancel",
        service=ASKED.service,
        provider="Mijn KVK",
        query=query,
        hidden={"step": "sign-in"},
    )


STUB_PAGES: Mapping[str, idp_stub.pages.Page] = {
    "home": idp_stub.pages.Home(demo_url=SERVICE_PROVIDER),
    "sign_in": sign_in(
        _organisation(INTERMEDIARY, 3), _organisation("Loonbureau De Strook V.O.F.", 2), _organisation("Bakkerij", 4)
    ),
    "sign_in_one": sign_in(_organisation("Bakkerij De Korenaar", 1), query="anna"),
    "sign_in_empty": sign_in(query="<b>niemand"),
    "means_refused": idp_stub.pages.MeansRefused(
        broker=Text("Ketenbroker", "Chain broker"),
        level=AssuranceLevel.EH3,
        person="Chantal de Wit",
        means=_means("t", AssuranceLevel.EH3, _BLOCKED),
        reason=Text("Uw inlogmiddel is geblokkeerd.", "Your means of login has been blocked."),
        suggestion=Text("Vraag uw leverancier om hulp.", "Ask your supplier for help."),
        code="MEANS_BLOCKED",
        retry_url="/sign_in",
        cancel_url="/posted?cancel",
    ),
    "return_form": idp_stub.pages.ReturnForm(
        broker=Text("Ketenbroker", "Chain broker"),
        target="http://localhost:8080/broker/acs/1.13",
        fields={"SAMLResponse": "PHNhbWxwOlJlc3BvbnNlLz4=", "RelayState": "r3l4y"},
    ),
    "logged_out": idp_stub.pages.LoggedOut(provider="Mijn KVK"),
    "logged_out_and_back": idp_stub.pages.LoggedOut(
        target="http://localhost:8080/broker/slo/1.13", fields={"SAMLResponse": "PHNhbWxwLz4=", "RelayState": "r3l4y"}
    ),
    "problem": idp_stub.pages.Problem(
        title=Text("Dit verzoek kan niet worden verwerkt", "This request cannot be processed"),
        happened=Text("De makelaar stuurde een onjuist bericht.", "The broker sent an incorrect message."),
        advice=Text("Ga terug en probeer het opnieuw.", "Go back and try again."),
        code="EH-MSG-02",
        incident="7f3a9c21",
    ),
}


def broker_application(
    broker_pages: Mapping[str, pages.Page] = BROKER_PAGES, base: str = "http://localhost:8080"
) -> Flask:
    """Serves each page under its name; see `_preview`. `/leave` redirects to the address it gets."""
    app = Flask("broker.web")
    app.config["SESSION_COOKIE_SECURE"] = base.startswith("https:")
    language.install(app)
    headers.protect(app, base)
    pages.install(app)
    app.add_url_rule("/leave", "leave", lambda: redirect(request.args["to"], 303), methods=["POST"])
    return _preview(app, broker_pages, pages.render)


def stub_application(
    stub_pages: Mapping[str, idp_stub.pages.Page] = STUB_PAGES, base: str = "http://127.0.0.1:8081"
) -> Flask:
    """Serves each page of the stub under its name; see `_preview`."""
    app = Flask("idp_stub")
    idp_stub.pages.install(app, base)
    return _preview(app, stub_pages, idp_stub.pages.render)


def _preview(app: Flask, previewed: Mapping[str, object], render: Callable[..., Response]) -> Flask:
    """`/posted` answers with the fields that were posted to it, as JSON."""

    def page(name: str) -> Response:
        return render(previewed[name]) if name in previewed else abort(404)

    app.add_url_rule("/<name>", "page", page)
    app.add_url_rule("/posted", "posted", lambda: dict(request.form), methods=["POST"])
    # Chromium asks for it when an answer names no icon.
    app.add_url_rule("/favicon.ico", "icon", lambda: redirect(url_for("static", filename="icon.svg")))
    return app
