"""One world for each worker."""

import pytest

from tests.mutants import donors, targets
from tests.mutants.donors import Donors
from tests.mutants.targets import Target
from tests.mutants.world import World, world


@pytest.fixture(scope="session")
def a_world(tmp_path_factory, installation) -> World:
    with world(tmp_path_factory.mktemp("mutants") / "world", installation) as made:
        yield made


@pytest.fixture(scope="session")
def genuine(a_world) -> Donors:
    return donors.make(a_world)


@pytest.fixture(scope="session")
def all_targets(a_world, genuine) -> dict[str, Target]:
    return targets.all_targets(a_world, genuine)
