"""What ``evenfall doctor`` finds in a database."""

import sys
from collections.abc import Iterator

import psycopg
import pytest
from tests.factories.identity import make_team

from evenfall.alerting import actions
from evenfall.cli import doctor
from evenfall.cli.findings import Finding
from evenfall.foresight import actions as foresight_actions
from evenfall.paging.actions import ensure_default_policy
from evenfall.patterns.models import Reading
from evenfall.platform.clock import utc_now
from evenfall.platform.database import dsn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connection() -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn(), autocommit=True) as opened:
        yield opened


def found(connection: psycopg.Connection) -> Finding:
    return told_of("keys of senders", connection)


def told_of(what: str, connection: psycopg.Connection) -> Finding:
    (finding,) = [one for one in doctor.contents(connection) if one.what == what]
    return finding


def test_doctor_is_content_while_all_keys_are_known(connection: psycopg.Connection) -> None:
    assert not found(connection).mend


def test_doctor_warns_of_requests_with_a_key_nobody_has(connection: psycopg.Connection) -> None:
    now = utc_now()
    actions.note_unknown_keys(count=12, first_at=now, last_at=now, ends_with="c3f1")
    finding = found(connection)
    assert finding.found.startswith(f"12 requests with a key nobody has, last at {now:%Y-%m-%d}")
    assert "rotate a key" in finding.mend
    assert finding.warning


def test_doctor_says_how_incidents_are_compared(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = "similar incidents"
    assert told_of(what, connection).found == "whole texts not compared yet"
    now = utc_now()
    Reading.objects.create(at=now, incidents=12)
    assert told_of(what, connection).found.startswith(f"whole texts of 12 compared at {now:%Y}")
    monkeypatch.setitem(sys.modules, "sklearn", None)
    finding = told_of(what, connection)
    assert 'pip install "evenfall[similarity]"' in finding.found
    assert not finding.mend


def test_doctor_warns_of_pages_that_would_reach_nobody(connection: psycopg.Connection) -> None:
    assert not told_of("who is reached", connection).mend
    make_team("Empty")
    now = utc_now()
    ensure_default_policy(now=now)
    foresight_actions.lint(now=now, tells=False)
    finding = told_of("who is reached", connection)
    assert finding.found.startswith("1 serious: The policy Default finds nobody for Empty")
    assert finding.warning
