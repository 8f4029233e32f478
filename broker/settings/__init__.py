"""Settings: one file, `ketenbroker.toml`, and environment variables. Everything is optional.

An environment variable is named after its place: `KETENBROKER_BROKER__PORT=9080` is `port` in the section `[broker]`.
What is not known is refused.

    model     what can be set
    control   the same, of controlling it from outside
    reading   the one place that reads file and environment
    places    where a setting stands: its variable, its line
    showing   what holds, and where it comes from
"""

from broker.settings.model import Listener, Server, Settings
from broker.settings.reading import load, origins

__all__ = ["Listener", "Server", "Settings", "load", "origins"]
