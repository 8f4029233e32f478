"""Options that many commands have."""

from pathlib import Path
from typing import Final

import click

settings_option: Final = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings file; default ketenbroker.toml in this folder, if it is there.",
)
