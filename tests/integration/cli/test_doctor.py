"""What ``evenfall doctor`` finds in a database."""

import sys
from collections.abc import Iterator

import psycopg
import pytest

from evenfall.alerting import actions
from evenfall.cli import doctor
from evenfall.cli.findings import Finding
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
