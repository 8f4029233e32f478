"""Random secrets that all processes of one installation share: files of 32 bytes, readable by their owner only."""

import os
import secrets
from pathlib import Path
from typing import Final

from broker.core.errors import ConfigError

SIZE: Final = 32
_OTHERS: Final = 0o077


def ensure(path: Path) -> Path:
    """Make the secret at `path` if there is none; of two processes that try at once, one makes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SIZE))
    return path


def read(path: Path) -> bytes:
    """The secret; raises `ConfigError` when it is missing, too short, or readable by others."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise ConfigError(f"{path}: readable by others; make it mode 0600")
        value = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read; run 'ketenbroker init'") from error
    if len(value) < SIZE:
        raise ConfigError(f"{path}: a secret has {SIZE} bytes; remove the file to have a new one made")
    return value
