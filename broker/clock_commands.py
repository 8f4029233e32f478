"""The commands `ketenbroker clock`. Each imports what it needs when it runs, so that `--help` answers at once."""

from pathlib import Path

import click

from broker.command_options import settings_option


@click.group()
def clock() -> None:
    """The clock of the network: broker, registers and stub; a running one follows at once.

    Service providers have a clock of their own. What moves further than clocks may differ (messages.clock_skew_seconds)
    they refuse, and so does the broker theirs.
    """


@clock.command("show")
@settings_option
def show_clock(settings_file: Path | None) -> None:
    """Tell what the clock says, and how that differs from the system's.

    \b
    Example:
      ketenbroker clock show
    """
    from broker import timekeeping
    from broker.settings import load

    click.echo(timekeeping.show(load(settings_file)))


@clock.command("set")
@click.argument("moment")
@click.option("--frozen", is_flag=True, help="Let it stand still there.")
@settings_option
def set_clock(moment: str, frozen: bool, settings_file: Path | None) -> None:
    """Set the clock to MOMENT: 2026-01-31T12:00:00+01:00, a day, or `now` for the system's time again.

    \b
    Examples:
      ketenbroker clock set 2027-01-31T12:00:00+01:00
      ketenbroker clock set --frozen 2026-12-01T09:00:00Z
      ketenbroker clock set now
    """
    from broker import timekeeping
    from broker.settings import load

    click.echo(timekeeping.set_to(load(settings_file), moment, frozen=frozen))


@clock.command("advance", context_settings={"ignore_unknown_options": True})
@click.argument("time")
@settings_option
def advance_clock(time: str, settings_file: Path | None) -> None:
    """Move the clock by TIME: 90s, 15m, 2h, 400d, 3w; back with a minus sign before it.

    \b
    Examples:
      ketenbroker clock advance 400d
      ketenbroker clock advance 15m
    """
    from broker import timekeeping
    from broker.settings import load

    click.echo(timekeeping.advance(load(settings_file), time))
