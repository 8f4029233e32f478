"""Tenants and resetting on PostgreSQL, where a tenant is a schema."""

import pytest
import sqlalchemy as sa

from tests.control.conftest import Caller
from tests.control.scripted import FLEUR, status, visit
from tests.control.test_tenants import registered
from tests.databases import postgresql_database, postgresql_server
from tests.network import running_network


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory):
    """The API of a network whose store is PostgreSQL, and that store's address."""
    with postgresql_server() as server, postgresql_database(server) as url:
        folder = tmp_path_factory.mktemp("on_postgresql")
        with running_network(folder, demo=False, store={"url": url}) as network:
            yield network, Caller(network.broker), url


def schemas(url):
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        return set(sa.inspect(engine).get_schema_names())
    finally:
        engine.dispose()


def test_a_tenant_is_a_schema_in_which_logins_go_and_resets_forget(on_postgresql, make_requester):
    network, api, url = on_postgresql
    before = schemas(url)
    api("POST", "/tenants", {"name": "one"}, status=201)
    assert len(schemas(url) - before) == 1
    one, provider = api.of("one"), make_requester(network)
    addresses = registered(one, provider)
    one("POST", "/scripts", FLEUR, status=201)
    answer = visit(addresses, provider).collected(addresses)
    assert status(answer)[0] == "Success"
    assert [item["outcome"] for item in one("GET", "/logins")["logins"]] == ["granted"]
    assert api("GET", "/logins") == {"logins": []}
    one("POST", "/reset")
    assert one("GET", "/logins") == {"logins": []}
    api("DELETE", "/tenants/one", status=204)
    assert schemas(url) == before
    one("GET", "/logins", status=404)
