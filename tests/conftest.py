"""Fixtures for all tiers."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    """A Wednesday afternoon in winter, UTC."""
    return datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
