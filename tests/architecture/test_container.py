"""What the container files name exists. Nothing here can build or run them."""

import re
import shlex

import pytest
import yaml
from flask import Flask

from broker.settings import places
from broker.web import operation
from tests.architecture.sources import CHECKOUT

LINES = re.sub(r"\\\n\s*", " ", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
COMPOSE = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
COPIED = [name for line in LINES if line.startswith("COPY ") for name in line.split()[1:-1]]


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    allowed = {
        line[1:] for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"
    }
    assert set(COPIED) == allowed
    assert [name for name in COPIED if not (CHECKOUT / name).exists()] == []


def test_every_variable_is_a_setting() -> None:
    named = [name for name in COMPOSE["services"]["ketenbroker"]["environment"] if places.is_ours(name)]
    assert named
    assert [places.nearest_variable(name) for name in named] == named


def test_the_address_of_the_health_check_is_there() -> None:
    (path,) = re.findall(r"http://localhost:8080(/[a-z/]+)", "\n".join(LINES))
    app = Flask(__name__)
    app.register_blueprint(operation.blueprint)
    assert path in {rule.rule for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_every_volume_is_declared(service: str) -> None:
    used = {item.split(":")[0] for item in COMPOSE["services"][service]["volumes"]}
    assert used <= COMPOSE["volumes"].keys()


def test_the_command_of_the_image_is_one_of_ours() -> None:
    (command,) = [line.removeprefix("CMD ") for line in LINES if line.startswith("CMD ")]
    assert shlex.split(command.strip("[]").replace(",", " ")) == ["ketenbroker", "demo"]
