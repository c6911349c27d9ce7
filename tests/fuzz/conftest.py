"""One world for each module: everything a test does in it is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.fuzz import world
from tests.fuzz.world import World


@pytest.fixture(scope="module")
def existing(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)
