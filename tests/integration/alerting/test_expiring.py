"""Alerts, silences and maintenance windows that end by themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service

from evenfall.alerting import actions
from evenfall.alerting.actions import RuleDraft
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.models import Alert, Integration
from evenfall.alerting.ports import Severity
from evenfall.platform import journal
from evenfall.platform.models import Beat

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def integration() -> Integration:
    return make_integration()


def door(at: datetime, *, since: datetime = NIGHT - MINUTE) -> None:
    Beat.objects.update_or_create(
        name="alerting.intake", defaults={"at": at, "detail": {"since": since.isoformat()}}
    )


def opened(
    integration: Integration,
    **fields: Any,
) -> Alert:
    send(integration, update(**fields))
    receive()
    return Alert.objects.get()


def state() -> str:
    return Alert.objects.values_list("state", flat=True).get()


def test_an_alert_without_repeats_is_resolved(integration: Integration) -> None:
    alert = opened(integration, expires_at=NIGHT + 5 * MINUTE)
    door(NIGHT + 4 * MINUTE)
    end_what_is_over(NIGHT + 4 * MINUTE)
    assert state() == "open"
    door(NIGHT + 6 * MINUTE)
    end_what_is_over(NIGHT + 6 * MINUTE)
    alert.refresh_from_db()
    assert alert.state == "resolved"
    assert alert.resolve_reason == "The tool did not send it again in time."
    assert alert.resolved_by == "system"


def test_an_alert_that_ends_by_word_only_stays(integration: Integration) -> None:
    opened(integration)
    door(NIGHT + 600 * MINUTE)
    end_what_is_over(NIGHT + 600 * MINUTE)
    assert state() == "open"


def test_nothing_is_resolved_while_the_door_is_closed(integration: Integration) -> None:
    opened(integration, expires_at=NIGHT + 5 * MINUTE)
    door(NIGHT)
    end_what_is_over(NIGHT + 60 * MINUTE)
    assert state() == "open"


def test_nothing_is_resolved_before_the_door_ever_opened(integration: Integration) -> None:
    opened(integration, expires_at=NIGHT + 5 * MINUTE)
    end_what_is_over(NIGHT + 60 * MINUTE)
    assert state() == "open"


def test_an_outage_of_the_door_is_added_to_the_time(integration: Integration) -> None:
    alert = opened(integration, expires_at=NIGHT + 5 * MINUTE)
    door(NIGHT)
    end_what_is_over(NIGHT)
    back = NIGHT + 30 * MINUTE
    door(back, since=back)
    end_what_is_over(back)
    end_what_is_over(back)
    alert.refresh_from_db()
    assert (alert.state, alert.expires_at) == ("open", NIGHT + 35 * MINUTE)
    (told,) = journal.recent(kinds=["alerting.intake_interrupted"])
    assert told.data["seconds"] == 1800


def test_what_waits_in_the_queue_is_heard_first(integration: Integration) -> None:
    opened(integration, expires_at=NIGHT + 5 * MINUTE)
    door(NIGHT + 6 * MINUTE)
    send(integration, update(expires_at=NIGHT + 9 * MINUTE), at=NIGHT + 4 * MINUTE)
    end_what_is_over(NIGHT + 6 * MINUTE)
    assert state() == "open"
    receive(NIGHT + 6 * MINUTE)
    end_what_is_over(NIGHT + 6 * MINUTE)
    assert state() == "open"


def test_prolong_alerts_moves_the_end_of_what_was_only_repeated(integration: Integration) -> None:
    alert = opened(integration, expires_at=NIGHT + 5 * MINUTE)
    later = (NIGHT + 8 * MINUTE).timestamp()
    found = actions.prolong_alerts(
        sightings=[(integration.id, "disk/db-1", later), (integration.id, "gone", later)],
        now=NIGHT + 4 * MINUTE,
    )
    alert.refresh_from_db()
    assert found == 1
    assert alert.expires_at == NIGHT + 8 * MINUTE
    assert alert.last_seen_at == NIGHT + 4 * MINUTE
    assert actions.prolong_alerts(sightings=[], now=NIGHT) == 0


def silence(text: str, *, starts: datetime = NIGHT, minutes: int = 10) -> int:
    return actions.create_silence(
        matchers=parse_matchers(text),
        starts_at=starts,
        ends_at=starts + minutes * MINUTE,
        comment="we know",
        by_name="Ada",
        now=NIGHT,
        actor="user:1",
    )


def test_a_silence_holds_what_comes_and_lets_it_go_at_its_end(integration: Integration) -> None:
    number = silence('team="web"')
    alert = opened(integration, labels={"team": "web"})
    assert (alert.outcome, alert.held_by) == ("record", f"silence:{number}")
    end_what_is_over(NIGHT + 9 * MINUTE)
    alert.refresh_from_db()
    assert alert.outcome == "record"
    end_what_is_over(NIGHT + 10 * MINUTE)
    alert.refresh_from_db()
    assert (alert.outcome, alert.held_by, alert.silence_id) == ("page", "", None)
    (told,) = journal.recent(kinds=["alerting.alert_updated"])
    assert told.data["why"] == f"Silence {number} is over."
    assert told.data["before"]["outcome"] == "record"


def test_a_silence_holds_what_is_open_already(integration: Integration) -> None:
    alert = opened(integration, labels={"team": "web"})
    send(integration, update(key="other", labels={"team": "api"}))
    receive()
    number = silence('team="web"\nenvironment=~"PROD|UAT"')
    end_what_is_over(NIGHT)
    alert.refresh_from_db()
    assert (alert.outcome, alert.held_by) == ("record", f"silence:{number}")
    assert Alert.objects.get(dedup_key="other").outcome == "page"
    (told,) = journal.recent(kinds=["alerting.alert_suppressed"])
    assert told.data["why"] == f"Silence {number} by Ada began."


def test_a_silence_that_begins_later_waits(integration: Integration) -> None:
    alert = opened(integration, labels={"team": "web"})
    silence('team="web"', starts=NIGHT + 5 * MINUTE)
    end_what_is_over(NIGHT + 4 * MINUTE)
    alert.refresh_from_db()
    assert alert.outcome == "page"
    end_what_is_over(NIGHT + 5 * MINUTE)
    alert.refresh_from_db()
    assert alert.outcome == "record"


def test_ending_a_silence_early_lets_go_at_once(integration: Integration) -> None:
    number = silence('team="web"')
    alert = opened(integration, labels={"team": "web"})
    actions.end_silence(silence_id=number, now=NIGHT + MINUTE, actor="user:2")
    end_what_is_over(NIGHT + MINUTE)
    alert.refresh_from_db()
    assert alert.outcome == "page"


def test_a_silence_that_was_never_applied_is_released_without_effect() -> None:
    silence('team="web"')
    assert actions.apply_silences(now=NIGHT + 20 * MINUTE) == 1
    assert actions.release_silences(now=NIGHT + 20 * MINUTE) == 1
    assert actions.release_silences(now=NIGHT + 20 * MINUTE) == 0


def test_alerts_of_one_service_come_back_as_one_group(integration: Integration) -> None:
    service = make_service()
    integration.service = service
    integration.save()
    window = actions.create_maintenance(
        name="move",
        starts_at=NIGHT,
        ends_at=NIGHT + 10 * MINUTE,
        service_ids=[service.id],
        environments=["PROD"],
        by_name="Ada",
        now=NIGHT,
        actor="user:1",
    )
    for key in ("a", "b", "c"):
        send(integration, update(key=key, severity=Severity.CRITICAL))
    receive()
    assert set(Alert.objects.values_list("held_by", flat=True)) == {f"maintenance:{window}"}
    end_what_is_over(NIGHT + 10 * MINUTE)
    assert set(Alert.objects.values_list("outcome", flat=True)) == {"page"}
    assert Alert.objects.values("group_key").distinct().count() == 1
    told = journal.recent(kinds=["alerting.alert_updated"])
    assert len(told) == 3


def test_maintenance_holds_what_is_open_already(integration: Integration) -> None:
    alert = opened(integration)
    number = actions.create_maintenance(
        name="move",
        starts_at=NIGHT,
        ends_at=NIGHT + 10 * MINUTE,
        by_name="Ada",
        now=NIGHT,
        actor="user:1",
    )
    end_what_is_over(NIGHT)
    alert.refresh_from_db()
    assert alert.held_by == f"maintenance:{number}"
    actions.end_maintenance(maintenance_id=number, now=NIGHT + MINUTE, actor="user:1")
    end_what_is_over(NIGHT + MINUTE)
    alert.refresh_from_db()
    assert alert.held_by == ""


def test_a_resolved_alert_is_not_decided_again(integration: Integration) -> None:
    silence('team="web"')
    send(integration, update(labels={"team": "web"}), update("resolve"))
    receive()
    end_what_is_over(NIGHT + 20 * MINUTE)
    assert not journal.recent(kinds=["alerting.alert_updated"])


def test_a_rule_that_waits_calls_only_for_what_is_still_open_then(
    integration: Integration,
) -> None:
    effects = Effects(wait=3 * MINUTE)
    draft = RuleDraft(name="Later", condition='labels.alertname != ""', effects=effects)
    actions.create_rule(draft=draft, now=NIGHT - MINUTE, actor="user:1")
    for name in ("short", "long", "known"):
        send(integration, update(key=name, labels={"alertname": name}))
    receive()
    alerts = {alert.dedup_key: alert for alert in Alert.objects.all()}
    assert {(one.held_by, one.outcome) for one in alerts.values()} == {("wait:180", "record")}
    actions.resolve_alert(alert_id=alerts["short"].pk, now=NIGHT + MINUTE, actor="system")
    actions.acknowledge_alert(alert_id=alerts["known"].pk, now=NIGHT + MINUTE, actor="user:1")
    assert actions.release_waiting(now=alerts["long"].opened_at + 2 * MINUTE) == 0
    end_what_is_over(alerts["long"].opened_at + 3 * MINUTE)
    found = {one.dedup_key: (one.held_by, one.outcome) for one in Alert.objects.all()}
    assert found == {
        "short": ("wait:180", "record"),
        "long": ("", "page"),
        "known": ("wait:180", "record"),
    }
    assert actions.release_waiting(now=NIGHT + 9 * MINUTE) == 0
