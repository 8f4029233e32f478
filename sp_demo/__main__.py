"""`python -m sp_demo SETTINGS PORTAL`: print the signed metadata of one portal."""

from pathlib import Path

import click

from sp_demo.metadata import signed_metadata
from sp_demo.settings import ConfigError, read_settings


@click.command()
@click.argument("settings_file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("portal_key")
def main(settings_file: Path, portal_key: str) -> None:
    """Print the signed SAML metadata of PORTAL_KEY as SETTINGS_FILE describes it.

    Example: python -m sp_demo sp.toml kvk > kvk.xml
    """
    try:
        settings = read_settings(settings_file)
        portal = settings.portal(portal_key)
        if portal is None:
            keys = ", ".join(portal.key for portal in settings.portals)
            raise ConfigError(f"{settings_file}: no portal {portal_key!r}; there are: {keys}")
        click.echo(signed_metadata(settings, portal), nl=False)
    except ConfigError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
