"""Actions of people on silences, rules and integrations: what the journal keeps of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import IntegrationDraft, RuleDraft
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import Alert, Integration, RuleBookVersion, Silence
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ADA = "user:1"


def silence(text: str = 'team="web"', *, hours: int = 1) -> int:
    return actions.create_silence(
        matchers=parse_matchers(text),
        starts_at=NIGHT,
        ends_at=NIGHT + hours * HOUR,
        comment="we know",
        by_name="Ada",
        now=NIGHT,
        actor=ADA,
    )


def changed(number: int, text: str, *, hours: int = 2) -> int:
    return actions.change_silence(
        silence_id=number,
        matchers=parse_matchers(text),
        starts_at=NIGHT,
        ends_at=NIGHT + hours * HOUR,
        comment="still",
        now=NIGHT,
        actor=ADA,
    )


def test_a_longer_silence_stays_the_same_silence() -> None:
    number = silence()
    assert changed(number, 'team="web"') == number
    view = queries.silence(number, now=NIGHT)
    assert (view.ends_at, view.comment) == (NIGHT + 2 * HOUR, "still")
    (entry,) = journal.recent(kinds=["alerting.silence_changed"])
    assert entry.data["before"]["comment"] == "we know"


def test_a_silence_of_other_alerts_is_another_silence() -> None:
    number = silence()
    other = changed(number, 'team="api"')
    assert other != number
    assert Silence.objects.get(id=number).ended_by == ADA
    assert queries.silence(number, now=NIGHT).state == "expired"


def test_a_silence_has_a_public_id() -> None:
    number = silence()
    public = queries.silence(number, now=NIGHT).public_id
    assert actions.silence_id_of(public) == number
    with pytest.raises(errors.SilenceNotFound):
        actions.silence_id_of(UUID(int=0))


def test_current_silences_lists_recent_ends_too() -> None:
    number = silence()
    found = queries.current_silences(now=NIGHT + 2 * HOUR, expired_since=NIGHT)
    assert [(one.id, one.state) for one in found] == [(number, "expired")]


def test_each_change_of_rules_writes_a_book_and_a_fact() -> None:
    draft = RuleDraft(name="web", condition='labels.team == "web"')
    number = actions.create_rule(draft=draft, now=NIGHT, actor=ADA)
    actions.change_rule(
        rule_id=number,
        draft=RuleDraft(name="web", condition="true", effects=Effects(outcome=Outcome.LOW)),
        now=NIGHT,
        actor=ADA,
    )
    entry, _ = journal.recent(kinds=["alerting.rules_changed"])
    assert entry.data["before"] == {"condition": 'labels.team == "web"', "outcome": ""}
    assert entry.data["after"] == {"condition": "true", "outcome": "low"}
    newest = RuleBookVersion.objects.order_by("id").last()
    assert newest is not None
    assert entry.data["version"] == newest.id
    assert [rule["name"] for rule in newest.rules] == ["web", "Everything else"]


def test_an_alert_names_the_book_it_was_decided_by() -> None:
    service = make_service()
    effects = Effects(outcome=Outcome.TICKET, service_id=service.id)
    draft = RuleDraft(name="all to one", effects=effects)
    actions.create_rule(draft=draft, now=NIGHT, actor=ADA)
    send(make_integration(), update())
    receive()
    alert = Alert.objects.get()
    book = RuleBookVersion.objects.latest("id")
    assert (alert.rules_version, alert.outcome, alert.service_id) == (book.id, "ticket", service.id)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (RuleDraft(name=" "), errors.NameMissing),
        (RuleDraft(name="x", condition="nope"), errors.ConditionNotValid),
        (RuleDraft(name="x", effects=Effects(service_id=99)), errors.ServiceUnknown),
    ],
)
def test_a_wrong_rule_is_refused(draft: RuleDraft, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.create_rule(draft=draft, now=NIGHT, actor=ADA)


def test_the_catch_all_cannot_be_switched_off() -> None:
    with pytest.raises(errors.CatchAllStays):
        actions.change_rule(
            rule_id=0, draft=RuleDraft(name="x", is_enabled=False), now=NIGHT, actor=ADA
        )


def test_the_journal_never_holds_a_key() -> None:
    draft = IntegrationDraft(name="Shell", kind="json")
    number, key = actions.create_integration(draft=draft, now=NIGHT, actor=ADA)
    other = actions.rotate_key(integration_id=number, now=NIGHT, actor=ADA)
    kept = str(journal.recent(kinds=["alerting.integration_changed"]))
    assert key not in kept
    assert other not in kept
    assert bytes(Integration.objects.get().key_hash) not in (key.encode(), other.encode())


def test_switching_twice_is_told_once() -> None:
    integration = make_integration()
    for _ in range(2):
        actions.switch_integration(
            integration_id=integration.id, enabled=False, now=NIGHT, actor=ADA
        )
    assert len(journal.recent(kinds=["alerting.integration_changed"])) == 1


def test_redecide_follows_new_rules_when_asked() -> None:
    send(make_integration(), update())
    receive()
    alert = Alert.objects.get()
    draft = RuleDraft(name="all", effects=Effects(outcome=Outcome.RECORD))
    actions.create_rule(draft=draft, now=NIGHT, actor=ADA)
    alert.refresh_from_db()
    assert alert.outcome == "page"
    assert actions.redecide(alert_ids=[alert.id], why="New rules.", now=NIGHT, actor=ADA) == 1
    assert actions.redecide(alert_ids=[alert.id], why="Again.", now=NIGHT, actor=ADA) == 0
    assert actions.redecide(alert_ids=[999], why="Nothing.", now=NIGHT, actor=ADA) == 0
    alert.refresh_from_db()
    assert alert.outcome == "record"


def test_resolving_many_skips_those_that_are_over() -> None:
    send(make_integration(), update(key="a"), update(key="b"), update("resolve", "b"))
    receive()
    ids = list(Alert.objects.values_list("id", flat=True))
    assert len(actions.acknowledge_alerts(alert_ids=ids, now=NIGHT, actor=ADA)) == 1
    assert len(actions.resolve_alerts(alert_ids=ids, now=NIGHT, actor=ADA)) == 1
    assert not actions.resolve_alerts(alert_ids=ids, now=NIGHT, actor=ADA)
