"""A cluster for these tests: the fake, on a port of its own."""

from collections.abc import Iterator

import pytest
from tests.scenarios.rehearsal import Stage, stage

from evenfall.fakes.kubernetes import Kubernetes


@pytest.fixture(scope="package")
def served() -> Iterator[tuple[Stage, Kubernetes]]:
    fake = Kubernetes()
    with stage([fake]) as ready:
        yield ready, fake


@pytest.fixture
def cluster(served: tuple[Stage, Kubernetes]) -> Kubernetes:
    """As new for each test."""
    served[1].clear()
    return served[1]


@pytest.fixture
def server(served: tuple[Stage, Kubernetes]) -> str:
    """The address of its API."""
    return f"{served[0].url}/kubernetes"
