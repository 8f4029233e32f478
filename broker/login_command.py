"""The command `ketenbroker login`. It imports what it needs when it runs, so that `--help` answers at once."""

import sys
from pathlib import Path
from typing import Any, Final

import click

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--sp", "start_url", required=True, metavar="URL", help="Where a login at the service provider begins.")
@click.option("--person", default="", help="Who logs in: a name on the page of the stub.")
@click.option("--client", help="Organisation acted for: the beginning of its name, or its number at KVK.")
@click.option("--via", help="Part of the intermediary's name, when several lead to the client.")
@click.option("--means", help="Id of the means in the register.")
@click.option("--level", help="Level of the means, such as EH3.")
@click.option(
    "--cancel-at", type=click.Choice(["authentication_service", "sign_in", "organisation"]), help="Stop there."
)
@click.option("--press", metavar="TEXT", help="Button or link to choose first on a page of the service provider.")
@click.option("--expect", metavar="TEXT", help="Text that the last page of the service provider must show.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Of the pages.")
@click.option("--allow-host", "hosts", multiple=True, metavar="HOST", help="Host that is not this machine; repeatable.")
@click.option(
    "--authority",
    "authorities",
    type=_FILE,
    multiple=True,
    help="Authority to trust over https besides that of [paths] certs; repeatable.",
)
@click.option(
    "--cookie-jar", "cookies", type=_FILE, help="Read cookies from FILE if it is there, and write them to it."
)
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
@click.option(
    "--settings",
    "settings_file",
    type=_FILE,
    help="Settings file; default ketenbroker.toml in this folder, if it is there.",
)
def login(settings_file: Path | None, as_json: bool, **given: Any) -> None:
    """Log in at a service provider without a browser, through every redirect and form, and tell what happened.

    The way is told request by request, then where it ended, the last page, the login and what the broker's rules found.
    Nothing is sent to another machine, unless its host is allowed.

    \b
    Exit status:
      0   logged in
      3   cancelled
      4   denied: the person may not act for the client
      5   the authentication service refused the means
      6   the broker or the stub refused a message
      7   the service provider did not accept the answer, or lacks the expected text
      8   the service provider does not lead to the broker
      9   answered without a choice of the person, and the broker's store is not here to tell why
      10  stuck: no such person or client, a loop, nobody answers

    \b
    Examples:
      ketenbroker login --sp "http://127.0.0.1:8082/login/gemeente?service=9001" \\
        --person "Fleur Voorbeeld" --client "Glasblazerij Zeepbel"
      ketenbroker login --sp http://127.0.0.1:8000/login --person "Fleur Voorbeeld" --cancel-at organisation
    """
    from broker import attempting
    from broker.headless import Screen
    from broker.settings import load

    way = attempting.Way(**{name: given.pop(name) for name in ("language", "press", "hosts", "cookies", "authorities")})
    start_url, expected = attempting.require_address(given.pop("start_url")), given.pop("expect")
    screen = given.pop("cancel_at")
    cancel_at = Screen(screen) if screen else None
    done = attempting.attempt(load(settings_file), start_url, way, expected, cancel_at=cancel_at, **given)
    click.echo(attempting.as_json(done) if as_json else "\n".join(attempting.told(done)))
    sys.exit(done.exit_status)
