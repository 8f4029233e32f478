"""Headers of every answer, and the policy of pages whose forms go elsewhere."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from broker.web.headers import content_security_policy
from tests.web.samples import BROKER_PAGES, STUB_PAGES, broker_application, stub_application

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@pytest.fixture(scope="module")
def broker() -> FlaskClient:
    return broker_application().test_client()


@pytest.fixture(scope="module")
def stub() -> FlaskClient:
    return stub_application().test_client()


@pytest.mark.parametrize("name", [*BROKER_PAGES, "no-such-page"])
def test_WEB_07_WEB_10_B24_every_answer_is_protected_and_not_kept(name: str, broker: FlaskClient) -> None:
    broker.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = broker.get(f"/{name}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", STUB_PAGES)
def test_WEB_07_WEB_10_B24_every_answer_of_the_stub_too(name: str, stub: FlaskClient) -> None:
    answer = stub.get(f"/{name}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    target = " http://localhost:8080" if name in {"return_form", "logged_out_and_back"} else ""
    assert f"form-action 'self'{target};" in policy


def test_WEB_07_policy_without_targets() -> None:
    assert content_security_policy() == POLICY


def test_page_without_forms_to_others_has_the_plain_policy(broker: FlaskClient) -> None:
    assert broker.get("/finished").headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    ("name", "origin"),
    [("send_form", "http://127.0.0.1:8081"), ("confirm_representation", "http://127.0.0.1:8082")],
)
def test_page_names_the_origin_where_its_forms_may_lead(name: str, origin: str, broker: FlaskClient) -> None:
    assert f"form-action 'self' {origin};" in broker.get(f"/{name}").headers["Content-Security-Policy"]


def test_each_origin_is_named_once() -> None:
    policy = content_security_policy(["https://b.test/x", "https://a.test:8443/acs?y=1", "https://b.test/z"])
    assert "form-action 'self' https://a.test:8443 https://b.test;" in policy


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "/relative",
        "",
        "https:///path",
        "https://a.test; script-src *",
        "https://a.test script-src",
        "https://a.test,https://b.test/",
        "https://user@a.test/",
    ],
)
def test_target_that_is_no_plain_address_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="form target"):
        content_security_policy([target])


def test_static_file_is_kept_for_a_year_under_its_own_version(broker: FlaskClient) -> None:
    (address,) = (part for part in broker.get("/home").text.split('"') if part.startswith("/static/ketenbroker.css"))
    with broker.get(address) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Pragma" not in answer.headers
    with broker.get("/static/ketenbroker.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_missing_static_file_is_not_kept(broker: FlaskClient) -> None:
    answer = broker.get("/static/none.css?v=1")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-cache, no-store"


@pytest.mark.parametrize("application", [broker_application, stub_application])
@pytest.mark.parametrize(
    ("base", "promised"),
    [
        ("http://party.test", None),
        ("https://party.test", "max-age=31536000"),
        ("https://localhost:8443", None),
    ],
)
def test_WEB_09_https_is_promised_by_the_public_address_and_by_no_request(
    application: Callable[..., Flask], base: str, promised: str | None
) -> None:
    client = application(base=base).test_client()
    for asked in ("http://evil.invalid", "https://evil.invalid"):
        answer = client.get("/problem", base_url=asked, headers={"X-Forwarded-Proto": "https"})
        assert answer.headers.get("Strict-Transport-Security") == promised
