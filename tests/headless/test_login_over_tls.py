"""`ketenbroker login` over https: with the test CA of the simulator, with that of a service provider, with neither."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broker.cli import commands
from tests.headless.stranger import strange_service_provider
from tests.network import Network

FLEUR = ("--person", "Fleur Voorbeeld", "--client", "Glasblazerij")
NOT_TRUSTED = "is not trusted: unable to get local issuer certificate. Trusted are the authorities of this machine"
REMEDY = "name the file with the authority that issued its certificate, for a simulator ca.pem in its folder certs"

Run = Callable[..., Result]


@pytest.fixture
def at_home(network_over_tls: Network, tmp_path: Path) -> tuple[str, str]:
    """The option with which a command finds the settings of the simulator, and so its authority."""
    paths, settings = network_over_tls.settings.paths, tmp_path / "ketenbroker.toml"
    settings.write_text(f'[paths]\ncerts = "{paths.certs}"\nstate = "{paths.state}"\n')
    return "--settings", str(settings)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in a folder where there is no simulator."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return lambda *arguments: CliRunner().invoke(commands, ["login", *arguments], catch_exceptions=False)


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that a developer made for their own service provider: its file, and to serve with."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mine")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, private = tmp_path / "mine.pem", tmp_path / "mine.key"
    pem = serialization.Encoding.PEM
    file.write_bytes(certificate.public_bytes(pem))
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return file, context


def start(network: Network) -> tuple[str, str]:
    return "--sp", network.login_address("gemeente", 9001)


def test_the_authority_of_the_settings_is_trusted_and_every_step_goes_over_https(
    network_over_tls: Network, run: Run, at_home: tuple[str, str]
) -> None:
    done = run(*start(network_over_tls), *FLEUR, *at_home)

    assert done.exit_code == 0, done.output
    assert "\nOutcome  logged_in\n" in done.output
    assert "\nTitle    U handelt namens KvK-nummer 68727720" in done.output
    assert "\nBroker   granted\n" in done.output
    assert f"GET  200  service provider        {network_over_tls.demo}/login/gemeente\n" in done.output
    assert "http://" not in done.output


def test_without_it_the_command_says_whom_it_trusts_and_what_to_name(network_over_tls: Network, run: Run) -> None:
    stuck = run(*start(network_over_tls), *FLEUR)
    helped = run(*start(network_over_tls), *FLEUR, "--authority", str(network_over_tls.authority))

    assert (stuck.exit_code, helped.exit_code) == (10, 0)
    begins_at = f"{network_over_tls.demo}/login/gemeente"
    assert f"Stuck: {begins_at} {NOT_TRUSTED}; {REMEDY} (--authority FILE)\n" in stuck.output


def test_a_service_provider_with_a_certificate_of_its_own_is_trusted_beside_the_simulator(
    network_over_tls: Network, run: Run, at_home: tuple[str, str], own_certificate: tuple[Path, ssl.SSLContext]
) -> None:
    file, context = own_certificate
    with strange_service_provider(network_over_tls.login_address("gemeente", 9001), context=context) as stranger:
        stuck = run("--sp", f"{stranger}/refresh", *FLEUR, *at_home)
        done = run("--sp", f"{stranger}/refresh", *FLEUR, *at_home, "--authority", str(file))
        by_another_name = stranger.replace("127.0.0.1", "localhost")
        misnamed = run("--sp", f"{by_another_name}/refresh", *FLEUR, *at_home, "--authority", str(file))

    assert (stuck.exit_code, done.exit_code, misnamed.exit_code) == (10, 0, 10), done.output
    trusted = f"the authorities of this machine and {network_over_tls.authority}; "
    assert f"/refresh is not trusted: self-signed certificate. Trusted are {trusted}" in stuck.output
    assert "Hostname mismatch, certificate is not valid for 'localhost'" in misnamed.output


def test_a_party_that_speaks_the_other_one_is_told_apart_from_one_that_does_not_run(
    network: Network, network_over_tls: Network, run: Run
) -> None:
    plainly = run("--sp", network_over_tls.demo.replace("https://", "http://"))
    over_tls = run("--sp", network.demo.replace("http://", "https://"))

    assert "does not answer: it closed the connection; does it serve https?\n" in plainly.output
    assert "does not answer: no connection over https (WRONG_VERSION_NUMBER); does it serve http?\n" in over_tls.output
    assert plainly.exit_code == over_tls.exit_code == 10


@pytest.mark.parametrize("content", [None, "nothing of the kind"])
def test_a_file_that_holds_no_authority_is_named(
    network_over_tls: Network, run: Run, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    done = run(*start(network_over_tls), *FLEUR, "--authority", str(file))

    assert done.exit_code == 10
    assert f"Stuck: {file}: cannot be read, or holds no certificate in PEM to trust\n" in done.output
