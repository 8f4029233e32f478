"""The OpenAPI document is true to the calls, and there is a page to read it on that needs nothing from elsewhere."""

import json
from urllib.parse import urlsplit

import lxml.html
import pytest
import requests

from tests.network import Network


@pytest.fixture(scope="module")
def document(controlled: Network) -> dict:
    return requests.get(f"{controlled.broker}/api/openapi.json", timeout=10).json()


def calls(document: dict) -> list[tuple[str, str, dict]]:
    return [(method, path, call) for path, methods in document["paths"].items() for method, call in methods.items()]


def test_every_reference_leads_to_a_shape_and_every_shape_has_words(document):
    text = json.dumps(document)
    shapes = document["components"]["schemas"]
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(shapes)
    assert [name for name, shape in shapes.items() if not shape.get("description")] == []


def test_every_call_has_a_summary_a_subject_and_one_shape_of_errors(document):
    problem = {"$ref": "#/components/schemas/Problem"}
    ids = [call["operationId"] for _, _, call in calls(document)]
    assert len(ids) == len(set(ids))
    for method, path, call in calls(document):
        assert call["summary"].endswith("."), (method, path)
        assert len(call["tags"]) == 1
        errors = {status: one for status, one in call["responses"].items() if status == "default" or status[0] == "4"}
        assert [one["content"]["application/problem+json"]["schema"] for one in errors.values()] == [problem] * len(
            errors
        )
        assert [status for status in call["responses"] if status[0] == "2"], (method, path)


def test_a_tenant_has_the_same_document(api, controlled, document):
    api("POST", "/tenants", {"name": "reader", "sample": False}, status=201)
    assert requests.get(f"{controlled.broker}/t/reader/api/openapi.json", timeout=10).json() == document
    page = requests.get(f"{controlled.broker}/t/reader/api", timeout=10)
    assert "of tenant reader" in page.text
    api("DELETE", "/tenants/reader", status=204)


def test_the_page_has_every_call_and_loads_from_this_site_alone(controlled, document):
    answer = requests.get(f"{controlled.broker}/api", timeout=10)
    page = lxml.html.document_fromstring(answer.content)
    headings = [" ".join(one.text_content().split()) for one in page.iter("h3")]
    assert {f"{method.upper()} {path}" for method, path, _ in calls(document)} <= set(headings)
    assert set(document["components"]["schemas"]) <= set(headings)
    loaded = [one.get("href") or one.get("src") for one in page.iter("link", "script", "img")]
    assert {urlsplit(one).netloc for one in loaded} == {urlsplit(controlled.broker).netloc}
    assert [requests.get(one, timeout=10).status_code for one in loaded] == [200] * len(loaded)
    anchors = {one.get("id") for one in page.iter() if one.get("id")}
    assert {one.get("href")[1:] for one in page.iter("a") if one.get("href").startswith("#")} <= anchors
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
