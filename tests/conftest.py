"""Fixtures for all tiers."""

import functools
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


@pytest.fixture
def now() -> datetime:
    """A Wednesday afternoon in winter, UTC."""
    return datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
