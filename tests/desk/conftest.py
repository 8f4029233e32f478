"""An operator with a browser, at a running network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import lxml.html
import pytest
import requests

from broker.simulator import service_providers
from tests.network import Network
from tests.requester import Requester

PAGE = "/operator/service-providers"


@dataclass
class Operator:
    """Who sits at the machine of the broker; `base` is where."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)

    def open(self, path: str) -> lxml.html.HtmlElement:
        """A page that must be there."""
        answer = self.session.get(self.base + path, timeout=30)
        assert answer.status_code == 200, answer.text
        return lxml.html.document_fromstring(answer.text)

    def post(self, path: str, page: lxml.html.HtmlElement, **given: object) -> requests.Response:
        """The form of `page` with these fields; `file` is the content of a file."""
        form = page.forms[0]
        assert form.action == path
        content = given.pop("file", None)
        # As browsers do: a file field that nobody used is an empty file without a name.
        files = {"file": ("sp.xml", content, "text/xml") if content else ("", b"", "application/octet-stream")}
        fields = {name: value for name, value in form.fields.items() if name != "file"} | given
        return self.session.post(self.base + path, fields, files=files, timeout=30)

    def register(self, **given: object) -> requests.Response:
        """What comes of the form to register with these fields filled in, redirects followed."""
        return self.post(PAGE, self.open(PAGE), **given)

    def registered(self) -> list[str]:
        """The EntityIDs on the list."""
        return [fact(item, "EntityID") for item in self.open(PAGE).xpath("//ul[@class='entries']/li")]


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def fact(element: lxml.html.HtmlElement, name: str) -> str:
    """The value beside `name` in a list of facts."""
    (value,) = [term.getnext() for term in element.iter("dt") if words(term) == name]
    return words(value)


def shown(answer: requests.Response, status: int = 200) -> lxml.html.HtmlElement:
    """The page, which must have this status."""
    assert answer.status_code == status, answer.text
    return lxml.html.document_fromstring(answer.text)


@pytest.fixture
def operator(network: Network) -> Iterator[Operator]:
    with requests.Session() as session:
        yield Operator(network.broker, session)


@pytest.fixture
def newcomer(network: Network, make_requester: Callable[..., Requester]) -> Iterator[Requester]:
    """A service provider that is not registered, and will not be after the test."""
    made = replace(make_requester(network), entity_id="urn:etoegang:DV:00000099000000110000:entities:9077")
    yield made
    service_providers.remove(network.simulator.store, made.entity_id)
