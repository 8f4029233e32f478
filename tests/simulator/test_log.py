"""The log holds one line for each event, whatever strangers put into it (WEB-08)."""

import io
import json
from collections.abc import Iterator

import pytest
import requests
import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger

from broker import log, serving
from tests.requester import NS, form

HOSTILE = {
    "lines": "first\r\nsecond\nlogin.granted login=x",
    "terminal": "\x1b[2J\x1b]0;title\x07",
    "separators": "a\u2028b\u2029c\x85d\x0be",
    "direction": "a\u202eb",
    "nul": "a\0b",
    "long": "x" * 100_000,
}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    before = structlog.get_config()
    yield io.StringIO()
    structlog.reset_defaults()
    structlog.configure(**before)


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("case", HOSTILE)
def test_WEB_08_a_value_is_one_short_line_of_what_can_be_seen(stream: io.StringIO, form, case):
    log.configure(form, stream)
    structlog.get_logger("hostile").warning("rejected", detail=[HOSTILE[case]], path=HOSTILE[case])
    written = stream.getvalue()
    assert written.endswith("\n")
    assert written[:-1].isprintable()
    assert len(written) < 2500


def test_a_line_of_json_can_be_read_back(stream: io.StringIO):
    log.configure("json", stream)
    structlog.get_logger("hostile").info("login.started", login="abc", notes=['a "quoted" note'])
    entry = json.loads(stream.getvalue())
    assert entry["event"] == "login.started"
    assert entry["notes"] == ['a "quoted" note']
    assert entry["level"] == "info"
    assert entry["timestamp"].endswith("Z")


@pytest.mark.parametrize("case", HOSTILE)
def test_WEB_08_what_a_stranger_put_into_an_error_does_not_pass_for_an_event(stream: io.StringIO, case):
    log.configure("console", stream)
    try:
        raise ValueError(HOSTILE[case] * 200)
    except ValueError as error:
        structlog.get_logger("hostile").error("unexpected", exc_info=error)
    first, *trace = stream.getvalue()[:-1].split("\n")
    assert "unexpected" in first
    assert 2 < len(trace) < 110
    for line in trace:
        assert line.startswith("    ")
        assert line.isprintable()
        assert len(line) < 1100


def test_WEB_08_nor_does_a_stranger_write_in_the_log_of_the_stub(network, capsys):
    """It has no settings for its log: what is refused says why, in characters that can be seen."""
    asked = f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" ForceAuthn="\x9b2J\u2028\u202ex"/>'
    requests.post(f"{network.stub}/sso", form("SAMLRequest", asked.encode(), "state"), timeout=30)
    said = capsys.readouterr().out
    assert "ForceAuthn" in said
    assert [line for line in said.split("\n") if not line.isprintable()] == []


def test_an_error_is_logged_with_its_cause(stream: io.StringIO):
    log.configure("json", stream)
    try:
        raise ValueError("told to the log only")
    except ValueError as error:
        structlog.get_logger("hostile").error("unexpected", exc_info=error)
    assert "told to the log only" in json.loads(stream.getvalue())["exception"]


LINKS = [f"/{kind}/{'Ab1-_' * 8}xyz{tail}" for kind in ("uitnodiging", "ondertekenen") for tail in ("", "/akkoord")]


@pytest.mark.parametrize("link", LINKS)
def test_I11_what_opens_the_link_of_a_mail_is_not_in_the_log(stream: io.StringIO, link):
    log.configure("json", stream)
    hostile = structlog.get_logger("hostile")
    hostile.info("http.error", path=link, detail=[f"'https://broker.example{link}?x=1'"])
    try:
        raise ValueError(link)
    except ValueError as error:
        hostile.error("unexpected", path=link, exc_info=error)
    written = stream.getvalue()
    assert "Ab1-_" not in written
    assert written.count("***") >= 4
    assert link.endswith("xyz") or "***/akkoord" in written


@pytest.mark.parametrize("link", LINKS)
def test_I11_nor_in_what_gunicorn_writes(tmp_path, link):
    config = Config()
    for name in ("errorlog", "accesslog"):
        config.set(name, str(tmp_path / name))
    logger = Logger(config)
    serving.mask_links()
    try:
        raise OSError("gone")
    except OSError:
        logger.exception("Error handling request %s %s", "GET", link)
    logger.access_log.info('127.0.0.1 "GET %s HTTP/1.1" 200', link)
    written = [(tmp_path / name).read_text() for name in ("errorlog", "accesslog")]
    for one in (logger.error_log, logger.access_log):
        for handler in one.handlers[:]:
            handler.close()
            one.removeHandler(handler)
        one.filters.clear()
    assert all("***" in text and "Ab1-_" not in text for text in written)
    assert "OSError: gone" in written[0]
