"""The three applications, and which endpoint an address belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import meta
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from broker.simulator.layout import Layout
from broker.web.app import create_app
from idp_stub.app import create_app as create_stub
from sp_demo.app import create_app as create_demo
from tests.network import Network

IMPLIED = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Party:
    """One application at its address. It is another instance than the one that listens there, of the same code."""

    name: str
    base: str
    app: Flask

    def endpoint(self, url: str, method: str) -> str | None:
        """The endpoint that answers, or None when there is none."""
        try:
            return self.app.url_map.bind("").match(urlsplit(url).path or "/", method)[0]
        except HTTPException:
            return None

    @property
    def rules(self) -> list[Rule]:
        """The routing table."""
        return list(self.app.url_map.iter_rules())

    @property
    def endpoints(self) -> set[str]:
        """Each endpoint with each of its methods: `broker GET home.home`."""
        return {
            f"{self.name} {method} {rule.endpoint}" for rule in self.rules for method in (rule.methods or ()) - IMPLIED
        }

    @property
    def templates(self) -> set[str]:
        """Each template that is a page: not one that others extend or import."""
        environment = self.app.jinja_env
        found = [name for name in environment.list_templates(["html"]) if environment.loader]
        used = {other for name in found for other in _referenced(self.app, name)}
        return {f"{self.name} {name}" for name in found if name not in used}


def _referenced(app: Flask, name: str) -> Iterator[str]:
    source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
    yield from (found for found in meta.find_referenced_templates(app.jinja_env.parse(source)) if found)


def parties(network: Network) -> tuple[Party, Party, Party]:
    """The broker, the stub authentication service and the demo service provider of `network`."""
    layout = Layout.of(network.settings)
    return (
        Party("broker", network.broker, create_app(network.simulator)),
        Party("stub", network.stub, create_stub(layout.stub_config, network.clock)),
        Party("demo", network.demo, create_demo(layout.demo_config)),
    )
