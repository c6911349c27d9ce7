"""One world for each module: everything a test does in it is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.fuzz import world
from tests.fuzz.world import World

from evenfall.notifications.ports.channels import browser_key
from evenfall.platform.clock import utc_now


@pytest.fixture(scope="module")
def existing(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        # else whoever asks first for a page that offers push makes the keys, and is blamed for it
        browser_key("webpush", now=utc_now())
        yield world.build()
        transaction.set_rollback(True)
