"""The test CA: certificates that others accept, keys that nobody else can read, and folders that are half there."""

import multiprocessing
import os
import shutil
import stat
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.core.identifiers import Oin
from broker.saml import pki
from broker.saml.keys import Certificate, DecryptionKey, SigningKey, UnusableKey

from .keyring import NOW, SENDER, STRANGER

OPENSSL = shutil.which("openssl")


def read(path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder) -> dict:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def half(certs, tmp_path):
    """A folder of its own to spoil."""
    return shutil.copytree(certs, tmp_path / "certs")


# --- what a certificate says --------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", pki.USES)
@pytest.mark.parametrize("party", [SENDER, STRANGER])
def test_the_subject_looks_like_pkioverheid(party, use, certs):
    subject = read(pki.certificate_path(certs, party.folder, use)).subject
    assert subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value == party.oin
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == party.name
    assert "geen echte gegevens" in subject.rfc4514_string()


@pytest.mark.parametrize(
    ("use", "signs", "encrypts"), [("signing", True, False), ("encryption", False, True), ("tls", True, True)]
)
def test_key_usage(use, signs, encrypts, certs):
    certificate = read(pki.certificate_path(certs, SENDER.folder, use))
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.key_encipherment) == (signs, encrypts)
    assert not usage.value.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.public_key().key_size == 2048


def test_tls_certificate_is_for_loopback(certs):
    extensions = read(pki.certificate_path(certs, SENDER.folder, "tls")).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(purposes) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}


def test_the_pairs_belong_together_and_are_fit_for_their_use(certs):
    for party in (SENDER, STRANGER):
        signing = SigningKey.load(
            pki.key_path(certs, party.folder, "signing"), pki.certificate_path(certs, party.folder, "signing")
        )
        assert signing.certificate.may_sign
        assert signing.certificate.valid_at(NOW)
        DecryptionKey.load(
            pki.key_path(certs, party.folder, "encryption"), pki.certificate_path(certs, party.folder, "encryption")
        )


def test_every_key_and_serial_number_is_its_own(certs):
    found = [read(path) for path in certs.rglob("*.pem")]
    assert len({item.serial_number for item in found}) == len(found) == 7
    assert len({item.public_key().public_numbers().n for item in found}) == 7


# --- others accept the chain --------------------------------------------------------------------------------------


def test_the_tls_chain_satisfies_cryptography(certs):
    store = verification.Store([read(certs / "ca.pem")])
    builder = verification.PolicyBuilder().store(store).time(NOW)
    leaf = read(pki.certificate_path(certs, SENDER.folder, "tls"))
    chain = builder.build_server_verifier(x509.DNSName("localhost")).verify(leaf, [])
    assert chain[-1] == read(certs / "ca.pem")
    assert builder.build_client_verifier().verify(leaf, []).chain[-1] == read(certs / "ca.pem")


@pytest.mark.parametrize("use", pki.USES)
def test_every_certificate_is_issued_by_the_ca(use, certs):
    authority, leaf = read(certs / "ca.pem"), read(pki.certificate_path(certs, SENDER.folder, use))
    leaf.verify_directly_issued_by(authority)
    ours = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    theirs = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.key_identifier
    assert ours == theirs


def test_the_ca_issues_no_further_cas_and_outlives_what_it_issues(certs):
    authority = read(certs / "ca.pem")
    authority.verify_directly_issued_by(authority)
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    late = NOW + timedelta(days=5 * 365)
    leaf = read(pki.certificate_path(certs, SENDER.folder, "tls"))
    assert authority.not_valid_after_utc - leaf.not_valid_after_utc > timedelta(days=5 * 365)
    assert authority.not_valid_after_utc > late


@pytest.mark.skipif(OPENSSL is None, reason="the openssl program is not installed; cryptography checks the chain above")
@pytest.mark.parametrize("use", pki.USES)
@pytest.mark.parametrize("purpose", ["sslserver", "sslclient", "any"])
def test_the_chain_satisfies_openssl(purpose, use, certs):
    done = subprocess.run(
        [
            OPENSSL,
            "verify",
            "-x509_strict",
            "-attime",
            str(int(NOW.timestamp())),
            *(["-purpose", purpose] if use == "tls" or purpose == "any" else []),
            "-CAfile",
            certs / "ca.pem",
            pki.certificate_path(certs, SENDER.folder, use),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith(": OK\n"), done.stderr


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_keys_are_for_their_owner_whatever_the_umask(mask, tmp_path):
    before = os.umask(mask)
    try:
        pki.ensure(tmp_path / "certs", (SENDER,), NOW)
    finally:
        os.umask(before)
    assert mode(tmp_path / "certs") == mode(tmp_path / "certs" / SENDER.folder) == 0o700
    keys = list((tmp_path / "certs").rglob("*.key"))
    assert len(keys) == 4
    assert {mode(path) for path in keys} == {0o600}
    assert not list((tmp_path / "certs").rglob("*.new"))


def test_a_second_call_makes_nothing(half):
    before = contents(half)
    assert pki.ensure(half, (SENDER, STRANGER), NOW + timedelta(days=30)) == []
    assert contents(half) == before


def test_a_party_that_comes_later_is_added(half):
    before = contents(half)
    later = pki.Party("later", "Later (test)", Oin("00000099000000130000"))
    made = pki.ensure(half, (SENDER, STRANGER, later), NOW + timedelta(days=365))
    assert made == [pki.certificate_path(half, "later", use) for use in pki.USES]
    assert before.items() <= contents(half).items()
    read(made[0]).verify_directly_issued_by(read(half / "ca.pem"))


@pytest.mark.parametrize("lost", ["signing.key", "signing.pem"])
def test_a_pair_that_is_half_there_is_made_anew(lost, half):
    """And an old key that others could read does not lend its mode to the new one."""
    folder = half / SENDER.folder
    (folder / "signing.key").chmod(0o644)
    old = Certificate.from_pem_file(folder / "signing.pem")
    (folder / lost).unlink()
    assert pki.ensure(half, (SENDER, STRANGER), NOW) == [folder / "signing.pem"]
    made = SigningKey.load(folder / "signing.key", folder / "signing.pem")
    assert made.certificate.key_name != old.key_name
    assert mode(folder / "signing.key") == 0o600


def test_what_an_interrupted_run_left_behind_is_no_obstacle(half):
    folder = half / SENDER.folder
    (folder / "tls.pem").unlink()
    (folder / "tls.key.new").write_text("half a key")
    (folder / "tls.key.new").chmod(0o666)
    pki.ensure(half, (SENDER, STRANGER), NOW)
    assert mode(folder / "tls.key") == 0o600
    assert not (folder / "tls.key.new").exists()


def test_a_run_that_stops_between_the_two_files_leaves_no_pair_that_does_not_fit(half, monkeypatch):
    folder = half / SENDER.folder
    (folder / "signing.key").unlink()
    replace = pki._replace

    def stop_at_certificate(path, content, mode_):
        if path.suffix == ".pem":
            raise KeyboardInterrupt
        replace(path, content, mode_)

    monkeypatch.setattr(pki, "_replace", stop_at_certificate)
    with pytest.raises(KeyboardInterrupt):
        pki.ensure(half, (SENDER, STRANGER), NOW)
    monkeypatch.undo()
    pki.ensure(half, (SENDER, STRANGER), NOW)
    SigningKey.load(folder / "signing.key", folder / "signing.pem")


@pytest.mark.parametrize("lost", ["ca.key", "ca.pem"])
def test_without_the_ca_nothing_can_be_added_and_nothing_is_destroyed(lost, half):
    (half / lost).unlink()
    before = contents(half)
    assert pki.ensure(half, (SENDER, STRANGER), NOW) == []
    later = pki.Party("later", "Later (test)", Oin("00000099000000130000"))
    with pytest.raises(UnusableKey, match=r"ca\.key or .*ca\.pem is gone: put it back, or empty"):
        pki.ensure(half, (later,), NOW)
    assert contents(half) == before


def test_a_ca_that_was_interrupted_before_it_issued_anything_is_made_anew(tmp_path):
    certs = tmp_path / "certs"
    certs.mkdir()
    (certs / "ca.key").write_text("half a key")
    pki.ensure(certs, (SENDER,), NOW)
    read(pki.certificate_path(certs, SENDER.folder, "tls")).verify_directly_issued_by(read(certs / "ca.pem"))


def _ensure(folder) -> int:
    return len(pki.ensure(folder, (SENDER,), NOW))


def test_processes_that_start_together_make_one_pki(tmp_path):
    certs = tmp_path / "certs"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(_ensure, [certs] * 4, chunksize=1)
    assert sorted(made) == [0, 0, 0, 3]
    for use in pki.USES:
        leaf = read(pki.certificate_path(certs, SENDER.folder, use))
        leaf.verify_directly_issued_by(read(certs / "ca.pem"))
    SigningKey.load(
        pki.key_path(certs, SENDER.folder, "signing"), pki.certificate_path(certs, SENDER.folder, "signing")
    )
