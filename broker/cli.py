"""The command `ketenbroker`. Each command imports what it needs, so that `--help` answers at once."""

import sys
from datetime import datetime
from pathlib import Path

import click

from broker import __version__
from broker.core.errors import ConfigError

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings file; default ketenbroker.toml in this folder, if it is there.",
)


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="ketenbroker")
def commands() -> None:
    """An eHerkenning broker simulator: log in on behalf of a client with a chain mandate (ketenmachtiging).

    \b
    Examples:
      ketenbroker demo                       everything at once, with sample data
      ketenbroker init && ketenbroker serve  the broker alone
      ketenbroker sp add my-metadata.xml     let your own service provider log in
    """


@commands.command()
@_settings_option
@click.option("--tls", is_flag=True, help="All three over https, and client certificates on the back channel.")
def demo(settings_file: Path | None, tls: bool) -> None:
    """Start broker, stub authentication service and demo service provider; Ctrl-C stops them.

    \b
    Examples:
      ketenbroker demo
      ketenbroker demo --tls
      KETENBROKER_BROKER__PORT=9080 ketenbroker demo
    """
    from broker import demonstration
    from broker.settings import load

    settings = load(settings_file)
    demonstration.run(settings.with_tls() if tls else settings, settings_file, click.echo)


@commands.command()
@_settings_option
def serve(settings_file: Path | None) -> None:
    """Start the broker alone, under gunicorn, with as many workers as [broker] asks for.

    The store, keys and metadata must be there: see `ketenbroker init`.

    \b
    Examples:
      ketenbroker init && ketenbroker serve
      KETENBROKER_BROKER__WORKERS=4 ketenbroker serve --settings /etc/ketenbroker.toml
    """
    from broker import processes, programs
    from broker.core.clock import system_clock
    from broker.core.ids import RandomIds
    from broker.settings import load
    from broker.simulator.compose import rehearse

    settings = load(settings_file)
    for warning in rehearse(settings, system_clock, RandomIds()):
        click.echo(f"Warning: {warning}", err=True)
    welcome = f"Broker ready: {settings.broker.url}  (Ctrl-C stops it)"
    processes.run(programs.broker(settings, settings_file), lambda: click.echo(welcome))


@commands.command()
@_settings_option
def init(settings_file: Path | None) -> None:
    """Make what is missing: test CA, keys, secrets, store, sample data and metadata. What is there stays.

    \b
    Examples:
      ketenbroker init
      ketenbroker init --settings test.toml
    """
    from broker.core.clock import system_clock
    from broker.core.ids import RandomIds
    from broker.settings import load
    from broker.simulator.prepare import prepare

    made = prepare(load(settings_file), system_clock, RandomIds())
    for line in made or ["Everything was there already."]:
        click.echo(line)


@commands.group()
def sp() -> None:
    """Service providers (dienstverleners) that may use the broker."""


@sp.command()
@click.argument("metadata")
@_settings_option
def add(metadata: str, settings_file: Path | None) -> None:
    """Register a service provider by its METADATA, or replace what it registered before.

    METADATA is a file or a web address. What is wrong with it is told with the rule and the clause: errors refuse it,
    warnings do not. A running broker knows it at once, new certificates included.

    \b
    Examples:
      ketenbroker sp add my-metadata.xml
      ketenbroker sp add http://127.0.0.1:8082/metadata/kvk
    """
    from broker import registering
    from broker.core.clock import system_clock
    from broker.settings import load

    known, remarks = registering.register(load(settings_file), metadata, system_clock)
    click.echo(f"Registered {known.entity_id} ({known.display_name.en}) with {len(known.services)} service(s).")
    for remark in remarks:
        line = f", line {remark.line}" if remark.line else ""
        click.echo(f"Warning ({remark.rule}): {remark.where}{line}: {remark.detail}.", err=True)


@sp.command()
@click.argument("entity_id", metavar="SP_ENTITYID")
@_settings_option
def remove(entity_id: str, settings_file: Path | None) -> None:
    """Take the service provider SP_ENTITYID away. A running broker does not know it from then on.

    \b
    Example:
      ketenbroker sp remove urn:etoegang:DV:00000099000000150000:entities:9001
    """
    from broker import registering
    from broker.settings import load

    registering.remove(load(settings_file), entity_id)
    click.echo(f"Removed {entity_id}.")


@commands.command()
@click.argument("entity_id", metavar="SP_ENTITYID")
@click.option("--level", default="loa3", show_default=True, help="Level: loa2, loa2plus, loa3 or loa4.")
@click.option(
    "--identifier",
    "identifiers",
    type=click.Choice(["KvKnr", "RSIN"]),
    multiple=True,
    default=("KvKnr",),
    show_default=True,
    help="Identifier of the organisation; may be given twice.",
)
@_settings_option
def catalogue(entity_id: str, level: str, identifiers: tuple[str, ...], settings_file: Path | None) -> None:
    """Write a service catalogue for the registered service provider SP_ENTITYID to standard output.

    Services that paths.catalogues has already stay as they are there; new ones get the level and the identifiers.
    It is signed by the broker.

    \b
    Example:
      ketenbroker catalogue urn:etoegang:DV:00000099000000150000:entities:9001 > my-catalogue.xml
    """
    from broker import registering
    from broker.core.assurance import AssuranceLevel
    from broker.core.clock import system_clock
    from broker.core.identifiers import IdentifierType
    from broker.settings import load

    known = {item.value: item for item in AssuranceLevel}
    if level not in known:
        raise click.BadParameter(f"{level!r} is not one of {', '.join(known)}", param_hint="--level")
    kinds = {"KvKnr": IdentifierType.KVK_NUMBER, "RSIN": IdentifierType.RSIN}
    wanted = tuple(kinds[name] for name in identifiers)
    written = registering.draft_catalogue(load(settings_file), entity_id, known[level], wanted, system_clock)
    click.echo(written.decode())


@commands.command()
@click.argument("step", type=click.Choice(["begin", "switch", "finish"]))
@_settings_option
def rollover(step: str, settings_file: Path | None) -> None:
    """Replace the key that the broker signs with, in three STEPs; a running broker follows without a restart.

    begin makes the next key and publishes both certificates; switch signs with the next key, both still published;
    finish publishes the new certificate alone. Let service providers fetch the metadata after each step.

    \b
    Example:
      ketenbroker rollover begin
    """
    from broker.core.clock import system_clock
    from broker.core.ids import RandomIds
    from broker.settings import load
    from broker.simulator import prepare

    certificates = prepare.roll_over(load(settings_file), step, system_clock, RandomIds())
    for number, certificate in enumerate(certificates):
        click.echo(f"{'published' if number else 'in use   '}  {certificate.key_name}")


@commands.group()
def register() -> None:
    """The register of mandates as a whole."""


@register.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_settings_option
def export_register(file: Path, settings_file: Path | None) -> None:
    """Write the whole register to FILE, as YAML or JSON after the end of its name.

    Secrets are not in it: internal pseudonyms follow from the installation, links of invitations are sent anew.

    \b
    Examples:
      ketenbroker register export register.yaml
      ketenbroker register export register.json
    """
    from broker.settings import load
    from broker.simulator import transfer

    transfer.export_register(load(settings_file), file)
    click.echo(f"Wrote {file}.")


@register.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="In place of what the register holds, which is lost.")
@_settings_option
def import_register(file: Path, replace: bool, settings_file: Path | None) -> None:
    """Fill the register from FILE, a register in YAML or JSON. All or nothing; a running broker knows it at once.

    A register that holds something is left alone, unless --replace is given. What is wrong with FILE is told with its
    line.

    \b
    Examples:
      ketenbroker register import register.yaml
      ketenbroker register import --replace metadata/sample-register.yaml
    """
    from broker.core.clock import system_clock
    from broker.settings import load
    from broker.simulator import transfer

    loaded = transfer.import_register(load(settings_file), file, system_clock, replace=replace)
    counted = loaded.counts()
    click.echo(
        f"The register holds {counted['organisations']} organisations, {counted['people']} people and "
        f"{counted['chain_mandates']} chain mandates."
    )


@commands.group()
def audit() -> None:
    """The audit log: the chain of everything that happened, and its signed heads."""


@audit.command("verify")
@click.option("--heads", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the heads, kept elsewhere.")
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="A copy of the public key (PEM).")
@_settings_option
def verify_audit(heads: Path | None, key: Path | None, settings_file: Path | None) -> None:
    """Verify every event against the one before it and against the signed heads. A running broker need not stop.

    Names the first event that is not what was written. Exit status 0 when all is right, 1 when something is not, 2
    when it could not be looked at.

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
    if found.verdict.broken is not None:
        sys.exit(1)


@commands.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--login", "login_id", help="Reference of one login, as /operator/logins shows it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of a period.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of a period.")
@_settings_option
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


@commands.command()
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


def main() -> None:
    """Run the command; errors that the user can mend are one line and exit status 2."""
    try:
        commands(standalone_mode=False)
    except ConfigError as error:
        click.echo(f"ketenbroker: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()
