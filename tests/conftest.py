"""Fixtures for all tiers."""

import functools
import inspect
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from django.middleware import csrf
from httpx._transports import default as transports
from hypothesis import HealthCheck, settings
from tests import database

# A busy machine is no fault of the code: no property fails for the time that it took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
database.use()
# The token of a form is random, and once in a hundred pages it spelled a name that a test says is
# not there. These letters spell nothing.
csrf.CSRF_ALLOWED_CHARS = "bcdfghjkmnpqrstvwxz"
# else each client and each httpx.get() reads all authorities of the world: 28 ms of CPU
transports.create_ssl_context = functools.cache(transports.create_ssl_context)  # type: ignore[attr-defined] # not exported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that have an event loop of their own leave no connection open in it."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.append("nothing_open")


@pytest.fixture
async def nothing_open() -> AsyncIterator[None]:
    """Close what the one client of outgoing requests keeps."""
    from evenfall.platform.http import outgoing  # noqa: PLC0415 - pytest loads us before Django

    yield
    await outgoing.close()


@pytest.fixture
def now() -> datetime:
    """A Wednesday afternoon in winter, UTC."""
    return datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
