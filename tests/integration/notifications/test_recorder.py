"""Answers survive a database that is away and are not held back by one that cannot be written."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice, states

from evenfall.notifications import actions
from evenfall.notifications.drains import recorder as recording
from evenfall.notifications.drains.recorder import Recorder
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Accepted
from evenfall.platform.database import dsn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = Recorder(clock=lambda: NOW)
    running.start()
    yield running
    running.stop()


def sent(count: int = 1) -> list[int]:
    """Notices that are with a provider."""
    ada = make_user()
    method = make_contact_method(ada)
    wishes = [new_notice(ada, contact_method=method) for _ in range(count)]
    actions.plan_notices(notices=wishes, now=NOW)
    claimed = actions.claim_due(rooms={("email", Urgency.HIGH): count}, now=NOW)
    return list(actions.hand_over(ids=[m.notice_id for m in claimed], now=NOW))


def yes(notice_id: int, provider_id: str = "p") -> actions.Result:
    answer = Accepted(provider_id=provider_id)
    return actions.Result(notice_id=notice_id, attempt=1, at=NOW, answer=answer)


def test_answers_that_came_together_are_written_together(recorder: Recorder) -> None:
    for notice_id in sent(20):
        recorder.put(yes(notice_id))
    assert recorder.wait_until_idle(10)
    assert set(states()) == {"accepted"}


def test_more_answers_than_one_transaction_takes_are_all_written(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "AT_ONCE", 3)
    for notice_id in sent(10):
        recorder.put(yes(notice_id))
    assert recorder.wait_until_idle(10)
    assert set(states()) == {"accepted"}


def test_an_answer_waits_for_the_database(recorder: Recorder) -> None:
    (notice_id,) = sent()
    with psycopg.connect(dsn()) as blocker:
        blocker.execute("LOCK TABLE notifications_notice IN ACCESS EXCLUSIVE MODE")
        recorder.put(yes(notice_id))
        hang_up_on_whoever_waits()
    assert recorder.wait_until_idle(10)
    assert states() == ["accepted"]


def hang_up_on_whoever_waits() -> None:
    """Cut the recorder's connection, as a restart of PostgreSQL does."""
    with psycopg.connect(dsn(), autocommit=True) as killer:
        cut = 0
        while not cut:
            row = killer.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).fetchone()
            cut = row[0] if row is not None else 0


def test_words_that_the_database_cannot_hold_are_cleaned(recorder: Recorder) -> None:
    (notice_id,) = sent()
    recorder.put(yes(notice_id, "a\x00b"))
    assert recorder.wait_until_idle(10)
    assert Notice.objects.get().provider_id == "ab"


def test_an_answer_that_cannot_be_written_does_not_hold_the_others(recorder: Recorder) -> None:
    bad, good = sent(2)
    with psycopg.connect(dsn()) as blocker:
        blocker.execute("LOCK TABLE notifications_notice IN ACCESS EXCLUSIVE MODE")
        recorder.put(yes(good))  # the first batch waits, so that the next two come together
        recorder.put(yes(bad, "\ud800"))  # half a letter, which UTF-8 cannot write
        recorder.put(yes(good))
    assert recorder.wait_until_idle(10)
    assert sorted(states()) == ["accepted", "sent"]
