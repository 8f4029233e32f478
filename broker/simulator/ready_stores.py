"""Stores that are made once and copied: making tables and loading the sample data takes a second, copying does not."""

from hashlib import sha256
from pathlib import Path

from broker.core.clock import Clock, amsterdam_date
from broker.settings import Settings
from broker.simulator.prepare import fill_with_sample
from broker.store.database import open_store
from broker.store.migrate import HEAD, migrate


def ready_store(settings: Settings, folder: Path, clock: Clock, *, with_sample: bool) -> Path:
    """A SQLite file in `folder` to copy, made when it is not there; one process at a time may ask for it.

    The sample data counts its dates from the day on which it is loaded, so tomorrow there is another file. Raises
    `ConfigError`.
    """
    sample = sha256(settings.paths.sample_register.read_bytes()).hexdigest()[:12] if with_sample else "empty"
    template = folder / f"template-{HEAD}-{amsterdam_date(clock())}-{sample}.sqlite"
    if not template.exists():
        kind = "[!e]*" if with_sample else "empty"
        for old in folder.glob(f"template-*-{kind}.sqlite"):
            old.unlink()
        new = template.with_suffix(".new")
        new.unlink(missing_ok=True)
        url = f"sqlite:///{new}"
        migrate(url)
        if with_sample:
            store = open_store(url)
            fill_with_sample(settings, store, clock)
            store.close()
        new.replace(template)
    return template
