"""The command `ketenbroker`. Each command imports what it needs, so that `--help` answers at once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broker import __version__
from broker.audit_commands import audit, evidence, verify
from broker.clock_commands import clock
from broker.command_options import settings_option
from broker.core.errors import ConfigError
from broker.login_command import login

if TYPE_CHECKING:
    from broker.core.text import Language

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="ketenbroker")
def commands() -> None:
    """An eHerkenning broker simulator: log in on behalf of a client with a chain mandate (ketenmachtiging).

    \b
    Examples:
      ketenbroker demo                       everything at once, with sample data
      ketenbroker init && ketenbroker serve  the broker alone
      ketenbroker sp add my-metadata.xml     let your own service provider log in
      ketenbroker inspect response.xml       what is signed, by whom, and what is wrong
      ketenbroker login --sp URL --person P  log in without a browser
    """


@commands.command()
@settings_option
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
@settings_option
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
@settings_option
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
    from broker.simulator import tenants
    from broker.simulator.prepare import prepare

    settings = load(settings_file)
    made = prepare(settings, system_clock, RandomIds())
    tenants.prepare_all(settings, system_clock, RandomIds())
    for line in made or ["Everything was there already."]:
        click.echo(line)


@commands.group()
def sp() -> None:
    """Service providers (dienstverleners) that may use the broker."""


@sp.command()
@click.argument("metadata")
@settings_option
def add(metadata: str, settings_file: Path | None) -> None:
    """Register a service provider by its METADATA, or replace what it registered before.

    METADATA is a file or a web address. What is wrong with it is told with the rule and the clause: errors refuse it,
    warnings do not. A running broker knows it at once, new certificates included. Told is what the other side needs.

    \b
    Examples:
      ketenbroker sp add my-metadata.xml
      ketenbroker sp add http://127.0.0.1:8082/metadata/kvk
    """
    from broker import registering
    from broker.core.clock import system_clock
    from broker.settings import load

    settings = load(settings_file)
    known, remarks = registering.register(settings, metadata, system_clock)
    click.echo(registering.told(settings, known))
    for remark in remarks:
        line = f", line {remark.line}" if remark.line else ""
        click.echo(f"Warning ({remark.rule}): {remark.where}{line}: {remark.detail}.", err=True)


@sp.command()
@click.argument("entity_id", metavar="SP_ENTITYID")
@settings_option
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
@settings_option
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
@settings_option
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


commands.add_command(login)


@commands.group()
def config() -> None:
    """The settings: what holds, whether it will do, and what can be set."""


@config.command()
@settings_option
def show(settings_file: Path | None) -> None:
    """Show every setting with its value, and whether it is a default or which line or variable says so.

    What is shown can be used as a settings file, but for passwords, which are left out.

    \b
    Examples:
      ketenbroker config show
      KETENBROKER_BROKER__PORT=9080 ketenbroker config show
    """
    from broker.settings import load, origins
    from broker.settings.showing import as_file

    settings = load(settings_file)
    click.echo("\n".join(as_file(settings, origins(settings_file))).lstrip())


@config.command()
@settings_option
def check(settings_file: Path | None) -> None:
    """Check settings, keys, store and metadata as `ketenbroker serve` does at its start; change nothing.

    \b
    Example:
      ketenbroker config check --settings /etc/ketenbroker.toml
    """
    from broker.core.clock import system_clock
    from broker.core.ids import RandomIds
    from broker.settings import load
    from broker.simulator.compose import rehearse

    for warning in rehearse(load(settings_file), system_clock, RandomIds()):
        click.echo(f"Warning: {warning}", err=True)
    click.echo("The broker can start with these settings.")


@config.command()
def schema() -> None:
    """Write the JSON Schema of a settings file, for editors that complete and check TOML.

    \b
    Example:
      ketenbroker config schema > ketenbroker.schema.json
    """
    import json

    from broker.settings import Settings

    click.echo(json.dumps(Settings.model_json_schema(), indent=2, ensure_ascii=False))


for command in (audit, clock, evidence, verify):
    commands.add_command(command)


@commands.group()
def register() -> None:
    """The register of mandates as a whole."""


@register.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@settings_option
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
@settings_option
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


@commands.command()
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--metadata", "metadata_files", multiple=True, type=_FILE, help="Metadata of a party; may be repeated.")
@click.option("--key", "key_files", multiple=True, type=_FILE, help="PEM key to decrypt with; may be repeated.")
@click.option("--catalogue", "catalogue_file", type=_FILE, help="Service catalogue that the services are in.")
@click.option("--request", "request_file", type=_FILE, help="The AuthnRequest that FILE answers.")
@click.option("--at", "moment", help="When it arrived, as in 2026-11-23T12:00:00Z; default: when it was issued.")
@click.option("--own", is_flag=True, help="Use metadata, keys and catalogue of this installation too.")
@click.option("--message", "number", type=click.IntRange(min=1), help="Which message of several; default: all.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True)
@settings_option
@click.pass_context
def inspect(context: click.Context, /, as_json: bool, language: "Language", **given: Any) -> None:
    """Judge the SAML message in FILE, or on standard input when FILE is a dash. Nothing leaves this machine.

    FILE holds XML, base64, compressed or not, an address or a form with SAMLRequest or SAMLResponse, a SOAP envelope,
    or an export of SAML-tracer or a browser (HAR). Exit status: 0 when nothing rejects the message, 1 when something
    does, 2 when it cannot be read.

    \b
    Examples:
      ketenbroker inspect response.xml --metadata broker.xml --key encryption.key
      ketenbroker inspect trace.json --own --message 2
      ketenbroker inspect request.txt --json
    """
    from broker import inspecting
    from broker.core.clock import system_clock

    found = inspecting.inspect(inspecting.Wanted(**given), system_clock)
    for line in inspecting.written(found, language, as_json=as_json):
        click.echo(line)
    context.exit(inspecting.status(found))


def main() -> None:
    """Run the command; errors that the user can mend are one line and exit status 2."""
    try:
        sys.exit(commands(standalone_mode=False))
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
