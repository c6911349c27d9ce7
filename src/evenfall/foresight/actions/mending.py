"""Findings mended by one click, and that taken back; the work is that of the domain it is about."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import actions as catalog_actions
from evenfall.foresight import errors, events
from evenfall.foresight.actions.looking import ask_for_look
from evenfall.foresight.logic.kinds import PART_OF, Check
from evenfall.foresight.logic.mends import Mend, Offer
from evenfall.foresight.models import Finding, Mended
from evenfall.identity import queries as identity_queries
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.platform.errors import NotFound
from evenfall.platform.events import publish

type Made = dict[str, Any]
type Undo = Callable[[Mapping[str, int], Made, datetime, str], bool]


@transaction.atomic
def mend(*, finding_id: int, now: datetime, actor: str) -> str:
    """Do what the finding offers, and close it; return the words that stood on the button.

    The next look opens it again where that did not help. Raises FindingNotFound, NothingToMend,
    and what the action of the domain raises.
    """
    row = Finding.objects.select_for_update().filter(id=finding_id, gone_at=None).first()
    if row is None:
        raise errors.FindingNotFound(finding_id=finding_id)
    if row.offer is None:
        raise errors.NothingToMend
    offer = msgspec.convert(row.offer, Offer)
    made = _MAKERS[offer.mend](offer.numbers, now, actor)
    row.gone_at = now
    row.save(update_fields=["gone_at"])
    Mended.objects.create(
        finding=row, mend=offer.mend.value, label=offer.label, made=made, at=now, by=actor
    )
    _tell(row, offer.label, events.FindingMended, now, actor)
    return offer.label


@transaction.atomic
def take_back(*, finding_id: int, now: datetime, actor: str) -> bool:
    """Take back what mending it did; False where somebody changed that since, and it stays.

    The finding is open again at once. Raises MendNotFound.
    """
    rows = Mended.objects.select_for_update().select_related("finding")
    row = rows.filter(finding_id=finding_id, undone_at=None).first()
    if row is None:
        raise errors.MendNotFound(finding_id=finding_id)
    numbers = (row.finding.offer or {}).get("numbers", {})
    was_there = _undone(Mend(row.mend), numbers, row.made, now, actor)
    row.undone_at, row.undone_by = now, actor
    row.save(update_fields=["undone_at", "undone_by"])
    if not Finding.objects.filter(key=row.finding.key, gone_at=None).exists():
        Finding.objects.filter(id=finding_id).update(gone_at=None)
    ask_for_look(parts=[PART_OF[Check(row.finding.check_name)]], now=now, actor=actor)
    _tell(row.finding, row.label, events.MendUndone, now, actor)
    return was_there


def _undone(mend: Mend, numbers: Mapping[str, int], made: Made, now: datetime, actor: str) -> bool:
    """False where what was mended is gone by now: every undoer looks before it writes."""
    try:
        return _UNDOERS[mend](numbers, made, now, actor)
    except NotFound:
        return False


def _tell(
    row: Finding,
    label: str,
    fact: type[events.FindingMended | events.MendUndone],
    now: datetime,
    actor: str,
) -> None:
    publish(fact(finding_id=row.pk, title=row.title, label=label, at=now, actor=actor))


def _use_policy(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    service_id, policy_id = numbers["service_id"], numbers["policy_id"]
    if _policy_of(service_id) is not None:
        raise errors.NothingToMend
    paging_actions.assign_policy(policy_id=policy_id, service_id=service_id, now=now, actor=actor)
    return {}


def _policy_of(service_id: int) -> int | None:
    found = paging_queries.policies()
    return next((view.id for view in found if service_id in view.service_ids), None)


def _inherit_policy(numbers: Mapping[str, int], _made: Made, now: datetime, actor: str) -> bool:
    if _policy_of(numbers["service_id"]) != numbers["policy_id"]:
        return False
    paging_actions.assign_policy(
        policy_id=None, service_id=numbers["service_id"], now=now, actor=actor
    )
    return True


def _add_person(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    number = paging_actions.add_person_to_policy(
        policy_id=numbers["policy_id"],
        user_id=numbers["user_id"],
        step=numbers["step"] or None,
        now=now,
        actor=actor,
    )
    return {"number": number}


def _remove_person(numbers: Mapping[str, int], made: Made, now: datetime, actor: str) -> bool:
    return paging_actions.take_back_version(
        policy_id=numbers["policy_id"], number=made["number"], now=now, actor=actor
    )


def _ring(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    return paging_actions.ring_at_once(user_id=numbers["user_id"], now=now, actor=actor)


def _ring_as_before(numbers: Mapping[str, int], made: Made, now: datetime, actor: str) -> bool:
    return paging_actions.take_back_rules(
        user_id=numbers["user_id"],
        before=made["before"],
        after=made["after"],
        now=now,
        actor=actor,
    )


def _end_silence(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    known = alerting_queries.silence(numbers["id"], now=now)
    alerting_actions.end_silence(silence_id=known.id, now=now, actor=actor)
    return {"until": known.ends_at.isoformat()}


def _begin_again(begin: Callable[[int, datetime, datetime, str], object]) -> Undo:
    """Ask for the same quiet anew, until the end it had; not where that has passed."""

    def undo(numbers: Mapping[str, int], made: Made, now: datetime, actor: str) -> bool:
        until = datetime.fromisoformat(made["until"])
        if until <= now:
            return False
        begin(numbers["id"], until, now, actor)
        return True

    return undo


def _silence_again(number: int, until: datetime, now: datetime, actor: str) -> None:
    known = alerting_queries.silence(number, now=now)
    alerting_actions.create_silence(
        matchers=known.matchers,
        starts_at=now,
        ends_at=until,
        comment=known.comment,
        by_name=_name(actor),
        now=now,
        actor=actor,
    )


def _name(actor: str) -> str:
    return identity_queries.actor_names([actor]).get(actor, "")


def _end_maintenance(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    known = alerting_queries.maintenance(numbers["id"], now=now)
    alerting_actions.end_maintenance(maintenance_id=known.id, now=now, actor=actor)
    return {"until": known.ends_at.isoformat()}


def _maintain_again(number: int, until: datetime, now: datetime, actor: str) -> None:
    known = alerting_queries.maintenance(number, now=now)
    alerting_actions.create_maintenance(
        name=known.name,
        starts_at=now,
        ends_at=until,
        service_ids=known.service_ids,
        environments=known.environments,
        matchers=known.matchers,
        by_name=_name(actor),
        now=now,
        actor=actor,
    )


def _hold_less(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    alerting_actions.switch_inhibition(
        inhibition_id=numbers["id"], is_enabled=False, now=now, actor=actor
    )
    return {}


def _hold_again(numbers: Mapping[str, int], _made: Made, now: datetime, actor: str) -> bool:
    return alerting_actions.switch_inhibition(
        inhibition_id=numbers["id"], is_enabled=True, now=now, actor=actor
    )


def _rule_off(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    alerting_actions.switch_rule(rule_id=numbers["id"], is_enabled=False, now=now, actor=actor)
    return {}


def _rule_on(numbers: Mapping[str, int], _made: Made, now: datetime, actor: str) -> bool:
    return alerting_actions.switch_rule(
        rule_id=numbers["id"], is_enabled=True, now=now, actor=actor
    )


def _give(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    if not alerting_actions.give_integration(
        integration_id=numbers["id"],
        team_id=numbers["team_id"],
        seen_team_id=None,
        now=now,
        actor=actor,
    ):
        raise errors.NothingToMend
    return {}


def _take_from(numbers: Mapping[str, int], _made: Made, now: datetime, actor: str) -> bool:
    return alerting_actions.give_integration(
        integration_id=numbers["id"],
        team_id=None,
        seen_team_id=numbers["team_id"],
        now=now,
        actor=actor,
    )


def _set_owner(numbers: Mapping[str, int], now: datetime, actor: str) -> Made:
    if not catalog_actions.give_service(
        service_id=numbers["id"],
        team_id=numbers["team_id"],
        seen_team_id=numbers["was"],
        now=now,
        actor=actor,
    ):
        raise errors.NothingToMend
    return {}


def _owner_as_before(numbers: Mapping[str, int], _made: Made, now: datetime, actor: str) -> bool:
    return catalog_actions.give_service(
        service_id=numbers["id"],
        team_id=numbers["was"],
        seen_team_id=numbers["team_id"],
        now=now,
        actor=actor,
    )


_MAKERS: Final[Mapping[Mend, Callable[[Mapping[str, int], datetime, str], Made]]] = {
    Mend.USE_POLICY: _use_policy,
    Mend.ADD_PERSON: _add_person,
    Mend.RING_AT_ONCE: _ring,
    Mend.END_SILENCE: _end_silence,
    Mend.END_MAINTENANCE: _end_maintenance,
    Mend.SWITCH_OFF_INHIBITION: _hold_less,
    Mend.SWITCH_OFF_RULE: _rule_off,
    Mend.GIVE_TO_TEAM: _give,
    Mend.SET_OWNER: _set_owner,
}
_UNDOERS: Final[Mapping[Mend, Undo]] = {
    Mend.USE_POLICY: _inherit_policy,
    Mend.ADD_PERSON: _remove_person,
    Mend.RING_AT_ONCE: _ring_as_before,
    Mend.END_SILENCE: _begin_again(_silence_again),
    Mend.END_MAINTENANCE: _begin_again(_maintain_again),
    Mend.SWITCH_OFF_INHIBITION: _hold_again,
    Mend.SWITCH_OFF_RULE: _rule_on,
    Mend.GIVE_TO_TEAM: _take_from,
    Mend.SET_OWNER: _owner_as_before,
}
