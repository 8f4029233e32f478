"""`ketenbroker demo --tls` as a user runs it: who gets a connection, with which version, and to what end."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from broker import programs
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import Settings, load
from broker.simulator.compose import compose
from broker.simulator.layout import Layout
from broker.simulator.parties import PORTALS
from broker.simulator.prepare import prepare
from tests.cli.test_commands import COMMAND, READY_S, run
from tests.flow.steps import authenticated, choose
from tests.interop.driver import Browser
from tests.network import CHECKOUT
from tests.ports import free_ports
from tests.requester import Pair, Requester
from tests.simulator.artifacts import assert_answered, assert_empty, issued

NAMES = ("broker", "stub", "demo", "back_channel")
GEMEENTE = next(portal.entity for portal in PORTALS if portal.key == "gemeente")


@dataclass(frozen=True)
class Demo:
    """The running programs, below `folder`."""

    folder: Path
    settings: Settings
    process: subprocess.Popen[str]

    @property
    def said(self) -> str:
        return (self.folder / "out").read_text()

    @property
    def authority(self) -> Path:
        return self.folder / "certs" / "ca.pem"

    def pair(self, party: str, use: str = "tls") -> tuple[Path, Path]:
        return self.folder / "certs" / party / f"{use}.pem", self.folder / "certs" / party / f"{use}.key"

    def login_address(self, portal: str, service: int) -> str:
        return f"{self.settings.demo.url}/login/{portal}?service={service}"

    def url(self, name: str) -> str:
        return getattr(self.settings, name).url


def prepared(folder: Path, installation: Path, broker: str = "") -> Path:
    """`folder` with keys, a store, sample metadata and a settings file on free ports; `broker`: more settings of it."""
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    shutil.copytree(CHECKOUT / "metadata", folder / "metadata")
    sections = {name: f"[{name}]\nport = {port}\n" for name, port in zip(NAMES, free_ports(len(NAMES)), strict=True)}
    sections["broker"] += broker
    (folder / "ketenbroker.toml").write_text("".join(sections.values()))
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Demo]:
    folder = prepared(tmp_path_factory.mktemp("demo"), installation)
    settings = load(folder / "ketenbroker.toml").with_tls()
    with (folder / "out").open("w") as out:
        command = [COMMAND, "demo", "--tls"]
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, text=True)
    running = Demo(folder, settings, process)
    try:
        wait_for("Ctrl-C stops", running)
        yield running
    finally:
        process.terminate()
        process.wait(30)
    assert running.said.rstrip().endswith("Stopped.")
    assert "Traceback" not in running.said


def wait_for(words: str, running: Demo) -> None:
    deadline = time.monotonic() + READY_S
    while words not in running.said:
        assert running.process.poll() is None, running.said
        assert time.monotonic() < deadline, running.said
        time.sleep(0.05)


@pytest.fixture(scope="module")
def resolved(demo: Demo) -> Iterator[Callable[..., object]]:
    """resolved(artifact, "kvk", "tls"): the answer to the municipality, over a connection of KVK; resolved.new()."""
    simulator = compose(demo.settings, system_clock, RandomIds())
    folder = demo.folder / "certs" / "gemeente"
    pairs = {use: Pair.load(folder, use) for use in ("signing", "encryption")}
    portal = Requester(GEMEENTE.entity_id, **pairs, consumer=f"{demo.settings.demo.url}/acs/gemeente", services={})

    def ask(artifact: str, party: str, use: str = "tls"):
        connection = {"verify": demo.authority, "cert": demo.pair(party, use)}
        return portal.collect(simulator.addresses.resolution, artifact, **connection)

    ask.new = lambda: issued(simulator, portal)
    yield ask
    simulator.store.close()


def test_it_says_where_everybody_is(demo: Demo):
    for name in NAMES:
        assert demo.url(name).startswith("https://")
        assert demo.url(name) in demo.said
    assert "http://" not in demo.said
    assert "[WARNING]" not in demo.said.partition("Ketenbroker is ready")[0]


def test_a_login_on_behalf_of_a_client_ends_at_the_portal(demo: Demo):
    with Browser(authorities=(demo.authority,)) as browser:
        page = choose(browser, authenticated(browser, demo, "gemeente", 9001, "Fleur Voorbeeld"), "Glasblazerij")
        assert page.heading.startswith("U handelt namens KvK-nummer 68727720")
        assert browser.cookies
        assert all(cookie.secure for cookie in browser.cookies)


def test_ART_03_gunicorn_tells_whose_connection_it_is(demo: Demo, resolved):
    assert_answered(resolved(resolved.new(), "gemeente"))
    for party, use in (("kvk", "tls"), ("broker", "signing")):
        artifact = resolved.new()
        assert_empty(resolved(artifact, party, use))
        assert_empty(resolved(artifact, "gemeente"))
    wait_for("EH-RES-07", demo)


def greeted(address: tuple[str, int], context: ssl.SSLContext) -> str | None:
    """The first bytes of an answer over TLS, and the version; raises `ssl.SSLError` or OSError."""
    with (
        socket.create_connection(address, timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert secure.recv(9).startswith(b"HTTP/1.1 ")
        return secure.version()


def client(authority: Path, version: ssl.TLSVersion, suites: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """A client of this version alone, which makes no demands of its own on the strength of what is agreed."""
    context = ssl.create_default_context(cafile=str(authority))
    context.set_ciphers(suites)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, version
    context.minimum_version = version
    return context


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda item: item.name)
def test_TLS_1_2_and_newer_are_served(demo: Demo, name: str, version: ssl.TLSVersion):
    context = client(demo.authority, version)
    context.load_cert_chain(*demo.pair("kvk"))
    address = ("127.0.0.1", getattr(demo.settings, name).port)
    assert greeted(address, context) == version.name.replace("_", ".")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_older_TLS_is_refused(demo: Demo, name: str, version: str):
    context = client(demo.authority, ssl.TLSVersion[version])
    context.load_cert_chain(*demo.pair("kvk"))
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        greeted(("127.0.0.1", getattr(demo.settings, name).port), context)


@pytest.mark.parametrize("suites", ["AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES128-SHA", "aNULL"])
def test_suites_without_forward_secrecy_or_authenticated_encryption_are_refused(demo: Demo, suites: str):
    context = client(demo.authority, ssl.TLSVersion.TLSv1_2, f"{suites}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        greeted(("127.0.0.1", demo.settings.broker.port), context)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda item: item.name)
def test_ART_03_without_a_certificate_there_is_no_connection_to_the_back_channel(demo: Demo, version: ssl.TLSVersion):
    address = ("127.0.0.1", demo.settings.back_channel.port)
    with pytest.raises(ssl.SSLError, match=r"CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE"):
        greeted(address, client(demo.authority, version))


@pytest.mark.parametrize("use", ["signing", "encryption"])
def test_a_certificate_of_another_authority_or_for_another_use_makes_no_connection(
    demo: Demo, requester_keys, tmp_path: Path, use: str
):
    """`signing` of a stranger; `encryption` of a party that is known."""
    if use == "signing":
        pair = requester_keys["other"]["signing"]
        certificate, key = tmp_path / "other.pem", tmp_path / "other.key"
        certificate.write_bytes(pair.certificate_pem)
        key.write_bytes(pair.key_pem)
    else:
        certificate, key = demo.pair("gemeente", "encryption")
    context = client(demo.authority, ssl.TLSVersion.TLSv1_2)
    context.load_cert_chain(certificate, key)
    with pytest.raises(ssl.SSLError, match=r"UNKNOWN_CA|UNSUPPORTED_CERTIFICATE"):
        greeted(("127.0.0.1", demo.settings.back_channel.port), context)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_in_plain_text(demo: Demo, name: str):
    address = f"http://127.0.0.1:{getattr(demo.settings, name).port}/"
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)


def test_serve_with_the_setting_has_a_back_channel_too(tmp_path: Path, installation: Path):
    folder = prepared(tmp_path / "serve", installation, "tls = true\n")
    settings = load(folder / "ketenbroker.toml")
    assert run(folder, "init").returncode == 0
    authority = folder / "certs" / "ca.pem"
    with subprocess.Popen([COMMAND, "serve"], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith(f"Broker ready: https://localhost:{settings.broker.port} ")
            metadata = requests.get(f"{settings.broker.url}/broker/metadata/1.13", verify=authority, timeout=30)
            assert f"{settings.back_channel.url}/broker/ars/1.13" in metadata.text
            context = client(authority, ssl.TLSVersion.TLSv1_3)
            context.load_cert_chain(folder / "certs" / "kvk" / "tls.pem", folder / "certs" / "kvk" / "tls.key")
            assert greeted(("127.0.0.1", settings.back_channel.port), context)
        finally:
            process.terminate()


@pytest.mark.parametrize(
    "broken", ["broker/tls.pem", "broker/tls.key", "belastingdienst/tls.pem", "authentication_service/tls.key"]
)
def test_a_file_that_is_no_use_is_one_line(tmp_path: Path, installation: Path, broken: str):
    folder = prepared(tmp_path / "broken", installation)
    settings = load(folder / "ketenbroker.toml").with_tls()
    for change in (lambda path: path.write_text("nonsense"), Path.unlink):
        change(folder / "certs" / broken)
        with pytest.raises(ConfigError) as error:
            _ = programs.broker(settings, None), programs.others(settings)
        assert f"certs/{broken}" in str(error.value)
        assert "\n" not in str(error.value)


def test_what_the_settings_name_may_connect_too_and_stands_beside_the_settings_file(tmp_path: Path, installation: Path):
    folder = prepared(tmp_path / "named", installation)
    file = folder / "ketenbroker.toml"
    file.write_text(file.read_text() + 'authorities = ["mine.pem"]\n')  # the last section is [back_channel]
    settings = load(file)
    with pytest.raises(ConfigError, match=r"mine\.pem: cannot be read"):
        prepare(settings, system_clock, RandomIds())
    (folder / "mine.pem").write_text("-- mine --\n")
    with pytest.raises(ConfigError, match=r"mine\.pem: holds no certificate"):
        prepare(settings, system_clock, RandomIds())
    mine = (folder / "certs" / "kvk" / "signing.pem").read_text()
    (folder / "mine.pem").write_text(mine)
    prepare(settings, system_clock, RandomIds())
    assert Layout.of(settings).tls_authorities.read_text() == "\n".join(
        ((folder / "certs" / "ca.pem").read_text(), mine)
    )


def test_without_init_after_the_setting_the_start_says_what_to_do(tmp_path: Path, installation: Path):
    settings = load(prepared(tmp_path / "old", installation) / "ketenbroker.toml").with_tls()
    Layout.of(settings).tls_authorities.unlink()
    with pytest.raises(ConfigError, match=r"tls-authorities\.pem: is missing; 'ketenbroker init' makes"):
        programs.broker(settings, None)
