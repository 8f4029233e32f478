"""What every page has, in both languages, and what each page says with its values."""

import dataclasses
from typing import Annotated, get_origin, get_type_hints

import pytest
from flask.testing import FlaskClient
from jinja2 import UndefinedError
from lxml import html

import idp_stub.pages
from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.web import pages
from broker.web.operator import pages as operator_pages
from broker.web.pages import Option, Results, SendForm
from tests.web.samples import (
    ASKED,
    BROKER_PAGES,
    INTERMEDIARY,
    OWN,
    SERVICE_PROVIDER,
    STEP,
    STUB_PAGES,
    broker_application,
    choose_representation,
    client,
    sign_in,
    stub_application,
)

LANGUAGES = ("nl", "en")
PAGES = [("broker", name) for name in BROKER_PAGES] + [("stub", name) for name in STUB_PAGES]
HOSTILE = "</title><script>alert(1)</script>'\"&"


def shown(page: pages.Page, language: str = "nl") -> html.HtmlElement:
    answer = broker_application({"page": page}).test_client().get(f"/page?lang={language}")
    return html.fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def clients() -> dict[str, FlaskClient]:
    return {"broker": broker_application().test_client(), "stub": stub_application().test_client()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("party", "name"), PAGES)
def test_page_has_the_frame_of_every_page(
    party: str, name: str, language: str, clients: dict[str, FlaskClient]
) -> None:
    answer = clients[party].get(f"/{name}?lang={language}")
    page = html.fromstring(answer.text)
    assert page.get("lang") == language
    (heading,) = page.xpath("//h1")
    title = words(page.find(".//title"))
    assert title.startswith(words(heading))
    simulator = {"nl": "Simulator – geen echte eHerkenning", "en": "Simulator – not the real eHerkenning"}[language]
    assert simulator.partition(" – ")[2] in title
    assert words(page.xpath("//header/p")[0]).startswith(simulator)
    assert page.xpath("//body/a[1]/@href") == ["#main"]
    assert page.xpath("//main/@id") == ["main"]
    assert page.xpath("//footer")
    other = {"nl": "en", "en": "nl"}[language]
    switches = [dict(switch.attrib) for switch in page.xpath("//header//nav//a[@hreflang]")]
    comes_again = party == "stub" or BROKER_PAGES[name].comes_again
    assert switches == ([{"lang": other, "hreflang": other, "href": f"?lang={other}"}] if comes_again else [])


@pytest.mark.parametrize(("party", "name"), PAGES)
def test_page_has_a_label_for_every_field_and_no_duplicate_id(
    party: str, name: str, clients: dict[str, FlaskClient]
) -> None:
    page = html.fromstring(clients[party].get(f"/{name}").text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for field in page.xpath("//input[not(@type='hidden')] | //textarea"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), html.tostring(field)
    for described in page.xpath("//@aria-describedby | //button/@form"):
        assert set(described.split()) <= set(ids)


@pytest.mark.parametrize(("party", "name"), PAGES)
def test_page_has_no_inline_script_or_style_and_nothing_from_elsewhere(
    party: str, name: str, clients: dict[str, FlaskClient]
) -> None:
    page = html.fromstring(clients[party].get(f"/{name}").text)
    assert not page.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
    for address in page.xpath("//script/@src | //link/@href | //img/@src"):
        assert address.startswith("/static/")


@pytest.mark.parametrize("name", [name for name, page in BROKER_PAGES.items() if isinstance(page, pages.Step)])
def test_every_step_can_be_cancelled_and_posts_its_hidden_fields(name: str, clients: dict[str, FlaskClient]) -> None:
    page = html.fromstring(clients["broker"].get(f"/{name}").text)
    assert page.xpath("//form[@id='cancel']/@action") == ["/posted?cancel"]
    assert page.xpath("//button[@form='cancel']")
    for form in page.xpath("//form[@method='post']"):
        assert {"csrf_token": "c5rf", "step": "choose"}.items() <= dict(form.fields).items()


def _hostile(value: object) -> object:
    if isinstance(value, Text):
        return Text(HOSTILE, HOSTILE)
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, tuple):
        return tuple(_hostile(item) for item in value)
    if isinstance(value, dict):
        return {HOSTILE: HOSTILE}
    if dataclasses.is_dataclass(value) and not isinstance(value, Results):
        return _all_hostile(value)
    return value


def _all_hostile(value: object) -> object:
    unchanged = {"form_targets", "target"}
    return dataclasses.replace(
        value,
        **{
            field.name: _hostile(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in unchanged
        },
    )


WITHOUT_VALUES = {
    ("broker", "finished_unknown"),
    ("broker", "logout_impossible"),
    ("broker", "module_application"),
    ("broker", "module_front_unavailable"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("party", "name"), [page for page in PAGES if page not in WITHOUT_VALUES])
def test_WEB_02_page_escapes_every_value(party: str, name: str, language: str) -> None:
    make, sample = {
        "broker": (broker_application, BROKER_PAGES),
        "stub": (stub_application, STUB_PAGES),
    }[party]
    page = _all_hostile(sample[name])
    answer = make({"page": page}).test_client().get(f"/page?lang={language}")
    assert answer.status_code == 200
    assert "alert(1)" in answer.text
    for script in html.fromstring(answer.text).xpath("//script"):
        assert script.get("src")


@pytest.mark.parametrize("module", [pages, operator_pages, idp_stub.pages], ids=["broker", "operator", "stub"])
def test_every_field_of_every_page_says_what_it_is_for(module: object) -> None:
    described = [
        kind for kind in vars(module).values() if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    ]
    assert len(described) > 5
    for kind in described:
        hints = get_type_hints(kind, include_extras=True)
        for field in dataclasses.fields(kind):
            assert get_origin(hints[field.name]) is Annotated, f"{kind.__name__}.{field.name}"


def test_title_is_step_and_service() -> None:
    page = shown(BROKER_PAGES["confirm_representation"], "en")
    assert words(page.find(".//title")) == (
        "Check on whose behalf you log in – File annual accounts – Simulator, not the real eHerkenning"
    )


def test_what_is_asked_is_shown_with_provider_name_level_and_time() -> None:
    asked = words(shown(BROKER_PAGES["choose_representation"]).xpath("//section")[0])
    for part in ("Jaarrekening deponeren (Mijn KVK)", "KVK (test)", "minimaal EH3", "14:35 uur"):
        assert part in asked


def test_authentication_services_are_sorted_by_name_ignoring_case() -> None:
    names = ("beta", "Alfa", "Gamma", "delta")
    page = dataclasses.replace(
        BROKER_PAGES["choose_authentication_service"],
        options=tuple(Option(value=name.lower(), name=name) for name in names),
    )
    assert [words(label) for label in shown(page).xpath("//fieldset//label")] == ["Alfa", "beta", "delta", "Gamma"]
    assert shown(page).xpath("//input[@name='choice']/@value") == ["alfa", "beta", "delta", "gamma"]


def test_own_organisation_comes_first_under_its_own_heading() -> None:
    page = shown(choose_representation((OWN,), 2))
    assert [words(legend) for legend in page.xpath("//legend")] == [
        "Uw eigen organisatie",
        "Organisaties die u hebben gemachtigd",
    ]
    assert page.xpath("//input[@name='choice']/@value") == ["token-own", "token-1", "token-2"]


def test_E04_E05_direct_and_chain_entries_of_one_organisation_are_told_apart() -> None:
    own = dataclasses.replace(OWN, name="Bakkerij De Korenaar")
    through = [dataclasses.replace(client(1), name=own.name, intermediary=name) for name in ("Kantoor A", "Kantoor B")]
    page = shown(dataclasses.replace(choose_representation((own,), 0), clients=tuple(through)))
    groups = {
        words(group.find("legend")): [words(label) for label in group.iter("label")] for group in page.iter("fieldset")
    }
    assert groups == {
        "Uw eigen organisatie": ["Bakkerij De Korenaar"],
        "Organisaties die u hebben gemachtigd": [
            "Bakkerij De Korenaar via Kantoor A",
            "Bakkerij De Korenaar via Kantoor B",
        ],
    }


def test_what_is_at_hand_stands_on_top_under_its_own_headings_with_buttons() -> None:
    page = shown(BROKER_PAGES["choose_representation_at_hand"])
    assert [words(legend) for legend in page.xpath("//legend")] == [
        "Vastgezet",
        "Laatst gebruikt",
        "Organisaties die u hebben gemachtigd",
    ]
    assert words(page.xpath("//*[@role='status']")[0]) == "Bakkerij De Korenaar staat nu bovenaan de lijst."
    buttons = page.xpath("//button[@form='pin']")
    assert [(button.get("name"), button.get("value")) for button in buttons] == [
        ("unpin", "token-own"),
        ("unpin", "token-7"),
        ("pin", "token-8"),
        ("pin", "token-1"),
        ("unpin", "token-2"),
        ("pin", "token-3"),
    ]
    assert words(buttons[0]) == f"Maak los: {INTERMEDIARY}"
    assert page.xpath("//form[@id='pin']/@action") == ["/posted"]


def test_a_list_that_is_longer_than_its_pages_says_so_and_how_to_find_the_rest() -> None:
    page = shown(choose_representation((OWN,), 24, results=Results(total=2000, more=True)), "en")
    assert words(page.xpath("//*[@role='status']")[0]) == "1–25 of more than 2,000 organisations"
    assert "Search for its name or KvK number." in words(page)


def test_headings_of_empty_groups_are_left_out() -> None:
    assert [words(legend) for legend in shown(choose_representation((), 1)).xpath("//legend")] == [
        "Organisaties die u hebben gemachtigd"
    ]


@pytest.mark.parametrize(
    ("language", "details"),
    [
        (
            "nl",
            "KvK-nummer 90001003, Bergen op Zoom, alleen vestiging 900000002142, niveau EH4, "
            "geldig tot en met 31-12-2027",
        ),
        (
            "en",
            "KvK number 90001003, Bergen op Zoom, only branch 900000002142, level EH4, valid until 31 December 2027",
        ),
    ],
)
def test_organisation_is_shown_with_its_facts(language: str, details: str) -> None:
    entry = shown(dataclasses.replace(choose_representation((), 0), clients=(client(3),)), language).xpath(
        "//li[input]"
    )
    assert words(entry[0].find("p")) == details
    assert words(entry[0].find("label")).startswith("Drukkerij Het Lood V.O.F. ")
    assert "Administratiekantoor Van Beek en Partners B.V." in words(entry[0].find("label"))


def test_mandate_that_expires_soon_says_so_in_words() -> None:
    soon = dataclasses.replace(choose_representation((), 0), clients=(client(1),))
    assert "verloopt binnenkort" in words(shown(soon))
    assert "verloopt binnenkort" not in words(
        shown(dataclasses.replace(soon, clients=(dataclasses.replace(client(1), expires_soon=False),)))
    )


@pytest.mark.parametrize(
    ("results", "language", "count"),
    [
        (Results(total=812), "nl", "1–25 van 812 organisaties"),
        (Results(total=1200, number=48), "nl", "1.176–1.200 van 1.200 organisaties"),
        (Results(total=1200, number=48), "en", "1,176–1,200 of 1,200 organisations"),
        (Results(total=1), "nl", "1 organisatie"),
        (Results(total=1), "en", "1 organisation"),
    ],
)
def test_count_is_a_status(results: Results, language: str, count: str) -> None:
    page = shown(choose_representation((), 1, results=results), language)
    assert words(page.xpath("//*[@role='status']")[0]) == count


def test_search_keeps_what_was_typed_and_pages_keep_the_search() -> None:
    page = shown(choose_representation((), 25, results=Results(total=80, number=2), query="a&b c"))
    assert page.xpath("//input[@type='search']/@value") == ["a&b c"]
    assert page.xpath("//form[@role='search']/@action") == ["/choose_representation"]
    paging = page.xpath("//nav[@aria-label='Pagina’s met organisaties']")[0]
    assert paging.xpath(".//a/@href") == [
        f"/choose_representation?q=a%26b+c&page={number}" for number in (1, 1, 2, 3, 4, 3)
    ]
    assert paging.xpath(".//a[@aria-current='page']/text()") == ["2"]
    assert (paging.xpath(".//a[@rel='prev']/text()"), paging.xpath(".//a[@rel='next']/text()")) == (
        ["Vorige"],
        ["Volgende"],
    )


def test_few_organisations_need_no_search_and_no_paging() -> None:
    page = shown(choose_representation((OWN,), 3, results=Results(total=4)))
    assert not page.xpath("//input[@type='search']")
    assert not page.xpath("//main//nav")


def test_empty_search_shows_a_way_on() -> None:
    page = shown(BROKER_PAGES["choose_representation_empty"])
    assert words(page.xpath("//*[@role='status']")[0]) == "Geen organisatie gevonden met ‘<b>Jansen & Zn’."
    assert page.xpath("//main//a[text()='Toon alle organisaties']/@href") == ["/choose_representation"]
    assert page.xpath("//button[@form='cancel']")
    assert not page.xpath("//input[@name='choice']")


@pytest.mark.parametrize(
    ("results", "links"),
    [
        (Results(total=0), (1,)),
        (Results(total=25), (1,)),
        (Results(total=26), (1, 2)),
        (Results(total=100, number=4), (1, 2, 3, 4)),
        (Results(total=812, number=1), (1, 2, None, 33)),
        (Results(total=812, number=4), (1, 2, 3, 4, 5, None, 33)),
        (Results(total=812, number=17), (1, None, 16, 17, 18, None, 33)),
        (Results(total=812, number=33), (1, None, 32, 33)),
    ],
)
def test_links_lead_to_the_ends_and_the_neighbours(results: Results, links: tuple[int | None, ...]) -> None:
    assert results.links == links


@pytest.mark.parametrize(
    ("results", "first", "last"),
    [(Results(total=0), 0, 0), (Results(total=812, number=33), 801, 812), (Results(total=25), 1, 25)],
)
def test_first_and_last_of_a_page(results: Results, first: int, last: int) -> None:
    assert (results.first, results.last) == (first, last)


def test_nothing_chosen_is_told_first_with_a_link_to_the_choice() -> None:
    page = shown(BROKER_PAGES["choose_representation_nothing_chosen"])
    alert = page.xpath("//main/*[1]")[0]
    assert alert.get("role") == "alert"
    (link,) = alert.xpath(".//a/@href")
    assert page.xpath(f"//input[@id='{link[1:]}']/@name") == ["choice"]
    assert set(page.xpath("//input[@name='choice']/@aria-invalid")) == {"true"}


def test_single_candidate_posts_its_token() -> None:
    page = dataclasses.replace(BROKER_PAGES["confirm_representation"], drawer=None)
    (form,) = [form for form in shown(page).forms if form.get("action") == "/posted"]
    assert form.fields["choice"] == "token-3"


def test_form_to_another_party_carries_exactly_its_fields() -> None:
    page = shown(BROKER_PAGES["send_form"])
    (form,) = page.forms
    assert (form.method, form.action) == ("POST", "http://127.0.0.1:8081/sso")
    assert form.form_values() == [("SAMLRequest", "PHNhbWxwOkF1dGhuUmVxdWVzdC8+"), ("RelayState", "r3l4y")]
    assert page.xpath("//form//button[@type='submit']")


def test_form_field_survives_line_breaks_and_quotes() -> None:
    value = "line\nbreak \"quoted\" 'single' <b> & é"
    page = SendForm(heading=Text("x", "x"), target="https://example.test/acs", fields={"RelayState": value})
    assert shown(page).forms[0].fields["RelayState"] == value


def test_refusal_tells_reason_next_step_code_and_names() -> None:
    said = words(shown(BROKER_PAGES["refusal"]).find(".//main"))
    for part in ("De ketenmachtiging is ingetrokken.", "Neem contact op met uw klant.", "CHAIN_REVOKED", "Anna"):
        assert part in said


def test_refusal_offers_only_the_ways_that_there_are() -> None:
    actions = [form.get("action") for form in shown(BROKER_PAGES["refusal"]).forms]
    assert actions == ["/choose_representation", "/login/x/again", "/posted?cancel"]
    only = shown(BROKER_PAGES["refusal_without_a_way_on"])
    assert [form.get("action") for form in only.forms] == ["/posted?cancel"]
    assert words(only.xpath("//button[@form='cancel']")[0]) == "Terug naar KVK (test)"


def test_cancelled_authentication_offers_another_service_only_when_there_is_one() -> None:
    assert "Kies een andere authenticatiedienst" in words(shown(BROKER_PAGES["authentication_cancelled"]))
    assert "Probeer het opnieuw" in words(shown(BROKER_PAGES["authentication_cancelled_only_one"]))


def test_problem_shows_code_and_incident() -> None:
    said = words(shown(BROKER_PAGES["problem"]).find(".//main"))
    assert "EH-MSG-02" in said
    assert "7f3a9c21" in said


def test_language_switch_is_absent_from_an_answer_to_a_form() -> None:
    app = broker_application()
    app.add_url_rule("/answer", "answer", lambda: pages.render(BROKER_PAGES["problem"], 400), methods=["POST"])
    answer = app.test_client().post("/answer")
    assert answer.status_code == 400
    assert not html.fromstring(answer.text).xpath("//header//nav")


def test_misspelt_name_in_a_template_fails() -> None:
    app = broker_application()
    with app.test_request_context(), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ page.no_such_field }}").render(page=BROKER_PAGES["home"])


def test_minimum_level_of_the_page_is_the_level_asked() -> None:
    page = dataclasses.replace(
        BROKER_PAGES["choose_authentication_service"],
        asked=dataclasses.replace(ASKED, level=AssuranceLevel.EH2_PLUS),
    )
    assert "minimaal EH2+" in words(shown(page))


def test_step_without_a_time_limit_shows_none() -> None:
    assert "Log in vóór" not in words(shown(dataclasses.replace(BROKER_PAGES["refusal"], finish_before=None)))
    unlimited = choose_representation((OWN,), 1, finish_before=None)
    assert "Log in vóór" not in words(shown(unlimited))
    assert STEP["finish_before"] is not None


def stub_shown(page: idp_stub.pages.Page, language: str = "nl") -> html.HtmlElement:
    return html.fromstring(stub_application({"page": page}).test_client().get(f"/page?lang={language}").text)


def test_front_page_of_the_stub_says_what_it_is_and_leads_to_where_a_login_begins() -> None:
    page = stub_shown(STUB_PAGES["home"])
    assert page.xpath("//main//a/@href") == [SERVICE_PROVIDER]
    assert not page.xpath("//main//dl | //main//*[@class='notice']")
    assert "Een authenticatiedienst stelt vast wie u bent." in words(page.find(".//main"))


def test_stub_says_only_where_when_the_catalogue_does_not_have_the_service() -> None:
    page = dataclasses.replace(STUB_PAGES["sign_in"], service=None)
    assert "U wilt inloggen bij Mijn KVK." in words(stub_shown(page).find(".//main"))


def test_stub_shows_who_asks_for_whom_at_which_level() -> None:
    said = words(stub_shown(STUB_PAGES["sign_in"], "en").find(".//main"))
    for part in (
        "Chain broker asks who you are.",
        "for File annual accounts at Mijn KVK.",
        "assurance level EH3 or higher",
    ):
        assert part in said


def test_stub_names_person_and_level_on_every_button_and_says_what_will_be_refused() -> None:
    page = stub_shown(STUB_PAGES["sign_in_one"])
    (button,) = page.xpath("//button[@name='means']")
    assert words(button) == "Log in met EH3 als Anna van den Berg-Schoonhoven"
    refused = [words(row) for row in stub_shown(STUB_PAGES["sign_in"]).xpath("//*[@class='problem']")]
    assert "wordt geweigerd: niveau te laag" in refused
    assert "wordt geweigerd: geblokkeerd" in refused


def test_stub_counts_the_people_found() -> None:
    def status(page: idp_stub.pages.Page) -> str:
        return words(stub_shown(page).xpath("//*[@role='status']")[0])

    assert status(STUB_PAGES["sign_in"]) == "9 personen"
    assert status(STUB_PAGES["sign_in_one"]) == "1 persoon"
    assert status(sign_in(query="{0}")) == "Niemand gevonden met ‘{0}’."


def test_stub_shows_braces_of_a_text_as_they_are() -> None:
    page = dataclasses.replace(STUB_PAGES["problem"], happened=Text("Fout in {x}", "Error in {x}"))
    assert "Fout in {x}" in words(stub_shown(page))
