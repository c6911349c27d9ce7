"""Every main page of a new installation, where nothing is there yet; see `test_pages`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.e2e.looking import LISTS, wrong_with_all
from tests.scenarios.installation import Installation, Person, running


@pytest.fixture(scope="module")
def nothing_yet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Person]]:
    """An installation with one administrator and nothing else."""
    with running(tmp_path_factory.mktemp("nothing")) as installation:
        yield installation, installation.first_admin()


@pytest.mark.timeout(600)
def test_pages_with_nothing_on_them_yet(
    chromium: Browser, nothing_yet: tuple[Installation, Person]
) -> None:
    installation, ada = nothing_yet
    found = wrong_with_all(chromium, installation.url, LISTS, person=ada)
    assert not found, "\n".join(found)
