"""The commands about the audit log and evidence. Each imports what it needs when it runs: `--help` answers at once."""

import sys
from datetime import datetime
from pathlib import Path

import click

from broker.command_options import settings_option
from broker.core.errors import ConfigError


@click.group()
def audit() -> None:
    """The audit log: the chain of everything that happened, and its signed heads."""


@audit.command("verify")
@click.option("--heads", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the heads, kept elsewhere.")
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the public key (PEM).")
@settings_option
def verify_audit(heads: Path | None, key: Path | None, settings_file: Path | None) -> None:
    """Verify every event against the one before it and against the signed heads. A running broker need not stop.

    Names the first event that is not what was written, and each document that is not what it was. Exit status 0 when
    all is right, 1 when something is not, 2 when it could not be looked at.

    \b
    Examples:
      ketenbroker audit verify
      ketenbroker audit verify --heads copies/heads.jsonl --key copies/public.pem
    """
    from broker import auditing
    from broker.settings import load

    found = auditing.verify(load(settings_file), heads, key)
    for line in auditing.lines_of(found):
        click.echo(line)
    if not found.verdict.is_right:
        sys.exit(1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--login", "login_id", help="Reference of one login, as /operator/logins shows it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of a period.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of a period.")
@settings_option
def evidence(
    file: Path, login_id: str | None, since: datetime | None, until: datetime | None, settings_file: Path | None
) -> None:
    """Write a bundle of evidence of one login, or of all logins of a period, to FILE (zip).

    It says who people are. That it was made is an event in the audit log.

    \b
    Examples:
      ketenbroker evidence evidence.zip --login 707-8COebzimURD3QaJaVeAFD5pI9Ybq
      ketenbroker evidence november.zip --since 2026-11-01 --until 2026-11-30
    """
    from broker import evidence as bundles
    from broker.core.clock import system_clock
    from broker.core.ids import RandomIds
    from broker.settings import load

    period = (since and since.date(), until and until.date())
    made = bundles.make(load(settings_file), login_id, period, system_clock, RandomIds())
    try:
        file.write_bytes(made)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error
    click.echo(f"Wrote {file}.")


@click.command()
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="Public key (PEM) of who made it.")
def verify(bundle: Path, key: Path | None) -> None:
    """Verify a BUNDLE of evidence: every byte, every signature, every event. Needs no installation.

    Names each member that was changed. Exit status 0 when all is right, 1 when something is not, 2 when it cannot be
    read. Without --key it tells that a bundle is whole, not whose it is.

    \b
    Example:
      ketenbroker verify evidence.zip --key certs/audit/public.pem
    """
    from broker import evidence as bundles

    found = bundles.verify(bundle, key)
    for line in found:
        click.echo(f"WRONG  {line}")
    if found:
        sys.exit(1)
    click.echo("All is right." if key else "All is right, if the key in the bundle is that of who should have made it.")
