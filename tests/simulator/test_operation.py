"""What watches over the broker is told how it is and how much it did, from outside."""

import re
import shutil
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.simulator.compose import compose
from broker.web.app import create_app
from tests.docs.pages import read
from tests.network import Network, settings_below


def metrics(network: Network) -> dict[str, float]:
    """Each sample by its name and labels, as a parser of others reads it."""
    told = requests.get(f"{network.broker}/metrics", timeout=10)
    assert told.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(told.text)
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in families
        for sample in family.samples
    }


def test_a_broker_that_works_is_alive_and_ready(network):
    for part, said in (("live", "alive\n"), ("ready", "ready\n")):
        told = requests.get(f"{network.broker}/health/{part}", timeout=10)
        assert (told.status_code, told.text) == (200, said)


def test_a_login_is_counted_by_how_it_ended_in_whatever_process_is_asked(network, requester):
    before = metrics(network)
    requests.get(f"{network.broker}/broker/sso/1.13", params={"SAMLRequest": "nothing"}, timeout=10)
    sso = f"{network.broker}/broker/sso/1.13"
    requests.post(sso, data=requester.begin(sso), timeout=10).raise_for_status()
    after = metrics(network)
    assert after["ketenbroker_logins_under_way[]"] == before["ketenbroker_logins_under_way[]"] + 1
    assert after["ketenbroker_events_total[]"] > before["ketenbroker_events_total[]"]
    assert after["ketenbroker_logins_total['granted']"] == before["ketenbroker_logins_total['granted']"]
    assert not [name for name in after if "untrusted" in name]


@pytest.fixture
def broken(tmp_path: Path, installation: Path):
    """The client of a broker below a folder of its own, and the path of its store."""
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    settings = settings_below(tmp_path)
    simulator = compose(settings, system_clock, RandomIds())
    yield create_app(simulator).test_client(), settings.store_url
    simulator.store.close()


def test_without_a_store_it_is_alive_but_not_ready_and_says_why(broken):
    client, url = broken
    Path(sa.make_url(url).database).unlink()
    assert client.get("/health/live").status_code == 200
    told = client.get("/health/ready")
    assert told.status_code == 503
    assert re.fullmatch(r"not ready: .*store.*\n", told.text)
    assert client.get("/metrics").status_code == 503


def test_with_tables_of_another_version_it_is_not_ready(broken):
    client, url = broken
    engine = sa.create_engine(url)
    with engine.begin() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    told = client.get("/health/ready")
    assert told.status_code == 503
    assert "have version 0001, this program needs" in told.text


def test_every_figure_is_in_the_documentation_and_no_other(network):
    there = {name.partition("[")[0] for name in metrics(network)}
    assert {figure.strip("`") for figure, _ in read("docs/operation.md").rows("Figures")} == there
