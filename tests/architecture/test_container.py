"""The Dockerfile is right as far as hadolint sees, and what both files name exists. Nothing here can run them."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from flask import Flask

from broker.settings import places
from broker.web import operation
from tests.architecture.sources import CHECKOUT

HADOLINT = Path(sys.executable).with_name("hadolint")
LINES = re.sub(r"\\\n\s*", " ", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
COMPOSE = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
COPIED = [name for line in LINES if line.startswith("COPY ") for name in line.split()[1:-1]]


def lint(dockerfile: str) -> list[str]:
    """The rules that hadolint finds broken, of whatever severity."""
    command = [HADOLINT, "--no-color", "--failure-threshold", "style", "-"]
    done = subprocess.run(command, input=dockerfile, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return re.findall(r"^-:\d+ (\w+) ", done.stdout, re.MULTILINE)


def test_hadolint_has_nothing_to_say_of_the_dockerfile_and_something_of_a_worse_one() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    assert lint(dockerfile) == []
    assert lint(dockerfile.replace("USER 10001\n", "USER root\n").replace("WORKDIR /srv/", "WORKDIR ")) == [
        "DL3000",
        "DL3002",
        "DL3066",
    ]


def test_a_service_waits_for_one_that_is_there_and_has_a_health_check() -> None:
    waited = {name for service in COMPOSE["services"].values() for name in service.get("depends_on", {})}
    assert waited == {"store"}
    assert all("healthcheck" in COMPOSE["services"][name] for name in waited)


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
