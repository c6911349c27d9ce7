"""Fixtures for all tiers."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from tests import database

# A busy machine is no fault of the code: no property fails for the time that it took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
database.use()


@pytest.fixture
def now() -> datetime:
    """A Wednesday afternoon in winter, UTC."""
    return datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
