"""The three applications, and which endpoint an address belongs to."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import nodes
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

    def path(self, rule: Rule, **values: str) -> str:
        """The path of `rule` with `values`, or with some that mean nothing; `Rule.build` has no defaults."""
        path = rule.rule
        for name in rule.arguments - (rule.defaults or {}).keys():
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", values.get(name, "1"), path)
        return path

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
        """Each template that is a page: it extends a layout, and no other extends it."""
        environment = self.app.jinja_env
        names = environment.list_templates(["html"])
        parsed = {name: environment.parse(environment.loader.get_source(environment, name)[0]) for name in names}
        extended = {found.template.value for tree in parsed.values() for found in tree.find_all(nodes.Extends)}
        pages = {name for name, tree in parsed.items() if tree.find(nodes.Extends)}
        return {f"{self.name} {name}" for name in pages - extended}


def parties(network: Network) -> tuple[Party, Party, Party]:
    """The broker, the stub authentication service and the demo service provider of `network`."""
    layout = Layout.of(network.settings)
    return (
        Party("broker", network.broker, create_app(network.simulator)),
        Party("stub", network.stub, create_stub(layout.stub_config, network.clock)),
        Party("demo", network.demo, create_demo(layout.demo_config)),
    )
