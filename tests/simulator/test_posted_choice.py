"""What is posted on the page "on whose behalf" is a signed token of this login, or it is refused (E21)."""

from collections.abc import Callable

import lxml.html
import pytest
import requests
import sqlalchemy as sa

from broker.core.links import LinkKind, LinkReference
from broker.simulator import pending
from broker.simulator.tokens import ChoiceTokens
from broker.store import logins
from broker.store.tables import mandate_couplings
from tests.simulator.answering import PendingLogin, begin, inputs
from tests.simulator.outcome import NOT_TRUSTED, Watch

FINISHED = "Deze login is al afgerond"
STEP_OVER = "Deze stap is al voorbij"

Choose = Callable[..., requests.Response]


def at_the_list(network, requester) -> tuple[PendingLogin, requests.Response]:
    """A login that waits for a choice, and its page."""
    login = begin(network, requester)
    return login, login.follow(login.post(login.answer()))


def choices(page: requests.Response) -> list[str]:
    document = lxml.html.document_fromstring(page.content)
    return document.xpath("//input[@type='radio'][@name='choice']/@value")


def choose(login: PendingLogin, page: requests.Response, token: str | None, **fields: str) -> requests.Response:
    """Post `token` as a choice, with the page's own CSRF token, without following redirects."""
    posted = {"csrf_token": inputs(page)["csrf_token"], **fields}
    if token is not None:
        posted["choice"] = token
    address = f"{login.network.broker}/login/{login.login_id}/choose"
    return login.browser.post(address, posted, allow_redirects=False, timeout=30)


@pytest.fixture
def waiting(network, requester) -> tuple[PendingLogin, requests.Response]:
    return at_the_list(network, requester)


def assert_not_taken(watch: Watch, send: Callable[[], requests.Response]) -> None:
    """The page for what cannot be trusted; no login went on, nothing was issued, and the log says why."""
    answer = watch.leaves_nothing(send)
    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert [line.split()[0] for line in watch.rejection()["detail"]] == ["EH-CHO-01"]


def test_a_choice_of_the_page_is_issued(waiting):
    login, page = waiting
    answer = choose(login, page, choices(page)[1])
    assert answer.status_code == 303
    assert "SAMLart=" in answer.headers["Location"]


def changed(token: str, place: int) -> str:
    """Another character at `place`."""
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_E21_a_changed_token(watch: Watch, waiting):
    login, page = waiting
    token = choices(page)[1]
    for place in (0, len(token) // 2, len(token) - 3):
        assert_not_taken(watch, lambda place=place: choose(login, page, changed(token, place)))
    assert choose(login, page, token).status_code == 303


@pytest.mark.parametrize(
    "posted",
    [
        "68727720",  # a KvK number
        "glasblazerij-zeepbel",
        "administratiekantoor-papiermolen--glasblazerij-zeepbel--fleur-eh3",
        "x",
        "." * 3,
        "A" * 10_000,
        "é\u0000\ud7ff",
        "[]",
        '["a",1,"chain","b"]',
    ],
    ids=ascii,
)
def test_E21_a_number_or_a_name_in_the_place_of_a_token(watch: Watch, waiting, posted):
    login, page = waiting
    assert_not_taken(watch, lambda: choose(login, page, posted))


def test_E21_a_token_with_the_payload_of_one_and_the_signature_of_another(watch: Watch, waiting):
    login, page = waiting
    first, second = choices(page)[:2]
    payload, signature = first.rpartition(".")[0], second.rpartition(".")[2]
    assert_not_taken(watch, lambda: choose(login, page, f"{payload}.{signature}"))


def test_E21_a_token_of_another_broker(watch: Watch, network, waiting):
    login, page = waiting
    known = pending.find(network.simulator, login.login_id, _browser_of(network, login))
    forged = ChoiceTokens(b"another secret of thirty-two byte").make(known, LinkReference(LinkKind.CHAIN, "x"))
    assert_not_taken(watch, lambda: choose(login, page, forged))


def _browser_of(network, login: PendingLogin) -> str:
    return network.simulator.store.read(lambda tx: logins.find(tx, login.login_id)).browser


def test_E21_a_token_of_another_login_of_the_same_person(watch: Watch, network, requester, waiting):
    login, page = waiting
    _, other_page = at_the_list(network, requester)
    answer = watch.leaves_nothing(lambda: choose(login, page, choices(other_page)[1]))
    assert (answer.status_code, STEP_OVER in answer.text) == (409, True)


def test_E21_a_token_that_was_used(watch: Watch, waiting):
    login, page = waiting
    token = choices(page)[1]
    assert choose(login, page, token).status_code == 303
    answer = watch.leaves_nothing(lambda: choose(login, page, token))
    assert answer.headers["Location"] == f"/login/{login.login_id}"
    assert FINISHED in login.browser.get(page.url, timeout=30).text


def test_WEB_13_E21_a_genuine_token_for_somebody_elses_client_is_put_to_the_register_all_the_same(network, waiting):
    """Nobody can make one without the secret; if somebody could, the decision would still be "no"."""
    login, page = waiting
    simulator = network.simulator
    of_another = sa.select(mandate_couplings.c.id).where(mandate_couplings.c.means_id == "noor-eh3").limit(1)
    coupling = simulator.store.read(lambda tx: tx.scalars(of_another).one())
    known = pending.find(simulator, login.login_id, _browser_of(network, login))
    token = simulator.tokens.make(known, LinkReference(LinkKind.CHAIN, coupling))
    answer = choose(login, page, token)
    assert answer.status_code == 200
    assert "NO_USER_COUPLING" in answer.text


def test_E21_a_genuine_token_for_a_link_that_does_not_exist(network, waiting):
    login, page = waiting
    simulator = network.simulator
    known = pending.find(simulator, login.login_id, _browser_of(network, login))
    answer = choose(login, page, simulator.tokens.make(known, LinkReference(LinkKind.DIRECT, "nothing")))
    assert answer.status_code == 200
    assert "NO_MANDATE" in answer.text


def test_the_tokens_hold_no_number_of_an_organisation(waiting):
    _, page = waiting
    for token in choices(page):
        assert "68727720" not in token


@pytest.mark.parametrize("posted", [{}, {"csrf_token": "x"}])
@pytest.mark.parametrize("step", ["choose", "cancel", "authenticate", "again"])
def test_WEB_04_a_form_without_the_pages_own_token_does_nothing(watch: Watch, waiting, step, posted):
    login, page = waiting
    fields = {"choice": choices(page)[1], **posted}
    answer = watch.leaves_nothing(
        lambda: login.browser.post(
            f"{login.network.broker}/login/{login.login_id}/{step}", fields, allow_redirects=False, timeout=30
        )
    )
    assert answer.status_code == 400
    assert "Dit formulier is niet meer geldig" in answer.text


def test_WEB_04_the_form_token_of_another_browser_does_nothing(watch: Watch, network, requester, waiting):
    login, page = waiting
    _, other_page = at_the_list(network, requester)
    strange = {"csrf_token": inputs(other_page)["csrf_token"]}
    answer = watch.leaves_nothing(lambda: choose(login, page, choices(page)[1], **strange))
    assert answer.status_code == 400


def test_WEB_05_another_browser_cannot_choose_even_with_its_own_form_token(watch: Watch, network, requester, waiting):
    login, page = waiting
    stranger, stranger_page = at_the_list(network, requester)
    stolen = PendingLogin(network, login.question, login.login_id, stranger.browser)
    answer = watch.leaves_nothing(lambda: choose(stolen, stranger_page, choices(page)[1]))
    assert answer.status_code == 404
