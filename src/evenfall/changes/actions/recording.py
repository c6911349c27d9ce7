"""What adds to the ledger: changes, and how deploys go on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import errors, events
from evenfall.changes.logic.environments import environment_of
from evenfall.changes.logic.lifecycle import follows
from evenfall.changes.models import Change
from evenfall.changes.ports import ChangeKind, Deploy, DeployState
from evenfall.platform.events import SYSTEM, publish

_SUMMARY_LENGTH = 1024
_NAME_LENGTH = 200
_COMMIT_LENGTH = 64
_URL_LENGTH = 1000
_RELEASE_LENGTH = 80
_ACTOR_LENGTH = 80


@transaction.atomic
def record_change(
    *,
    service_id: int | None,
    summary: str,
    source: str = "",
    at: datetime,
    links: Sequence[Mapping[str, str]] = (),
    details: Mapping[str, Any] | None = None,
    kind: str = ChangeKind.OTHER.value,
    environment: str = "",
    external_id: str = "",
    deploy: Deploy | None = None,
    origin_id: int | None = None,
    now: datetime,
    actor: str = SYSTEM,
) -> int:
    """Add a change to the ledger; return its id.

    `at` is when it began to take effect, aware. An unknown `kind` becomes "other". With an
    `external_id` the same report of the same source is one row: sending it again returns the id of
    the first, and where it tells how the deploy went on, that is written down. Links keep "href"
    and "text" only, and web addresses only. Raises `SummaryMissing` and catalog's
    `ServiceNotFound`.
    """
    summary = _one_line(summary)
    if service_id is not None:
        catalog_queries.service(service_id)
    told = deploy or Deploy()
    values = {
        "service_id": service_id,
        "summary": summary,
        "kind": kind if kind in tuple(ChangeKind) else ChangeKind.OTHER.value,
        "environment": environment_of(environment),
        "links": _links(links),
        "details": dict(details or {}),
        "actor": actor[:_ACTOR_LENGTH],
        "origin_id": origin_id,
        "at": at,
        "recorded_at": now,
        **_of_deploy(told, at),
    }
    name, number = source[:_NAME_LENGTH], external_id[:_NAME_LENGTH]
    change, is_new = _insert(name, number, values)
    if is_new:
        publish(_recorded(change))
    elif deploy is not None:
        _go_on(change.id, deploy, now=now, actor=actor)
    if told.rolls_back:
        _undo_reported(change, told.rolls_back, now=now, actor=actor)
    return change.id


@transaction.atomic
def tell_deploy(*, change_id: int, deploy: Deploy, now: datetime, actor: str = SYSTEM) -> None:
    """Write down how a deploy went on; what is older than what is known changes nothing.

    Raises `ChangeNotFound`. Locks the change.
    """
    _go_on(change_id, deploy, now=now, actor=actor)


@transaction.atomic
def tell_undone(*, change_id: int, at: datetime, now: datetime, actor: str = SYSTEM) -> None:
    """Write down that a deploy was rolled back at `at`; twice is once. Raises `ChangeNotFound`."""
    change = locked(change_id)
    if change.undone_at is None:
        change.undone_at = at
        change.save(update_fields=["undone_at"])
        publish(events.DeployUndone(**about(change), at=now, actor=actor))


@transaction.atomic
def tell_harm(
    *, change_id: int, did_harm: bool, caused: str = "", now: datetime, actor: str
) -> None:
    """Write down that people say it caused an incident, or that they took that back.

    `caused` is the subject of the incident, such as "incident:17".
    Raises `ChangeNotFound`. Locks the change.
    """
    change = locked(change_id)
    if (change.harm_known_at is not None) == did_harm:
        return
    change.harm_known_at = now if did_harm else None
    change.save(update_fields=["harm_known_at"])
    publish(
        events.HarmSaid(**about(change), withdrawn=not did_harm, caused=caused, at=now, actor=actor)
    )


def hold_changes(change_ids: Collection[int]) -> None:
    """Lock changes until the transaction ends, in the order of their ids.

    Whoever decides by rows of their own whether a change did harm holds it first, so that two who
    decide at the same time do not overwrite each other.
    """
    rows = Change.objects.filter(id__in=change_ids).order_by("id")
    list(rows.select_for_update(no_key=True).values_list("id"))


def locked(change_id: int) -> Change:
    """Return the row, locked until the transaction ends. Raises `ChangeNotFound`."""
    change = Change.objects.select_for_update(no_key=True).filter(id=change_id).first()
    if change is None:
        raise errors.ChangeNotFound(change_id=change_id)
    return change


def about(change: Change) -> dict[str, Any]:
    """What every fact about a change says."""
    return {
        "change_id": change.id,
        "service_id": change.service_id,
        "summary": change.summary,
    }


def _one_line(summary: str) -> str:
    line = " ".join(summary.split())[:_SUMMARY_LENGTH]
    if not line:
        raise errors.SummaryMissing(field="summary")
    return line


def _insert(source: str, external_id: str, values: dict[str, Any]) -> tuple[Change, bool]:
    """The row and whether it is new; two who report the same at once get the same row."""
    if not external_id:
        return Change.objects.create(source=source, external_id="", **values), True
    return Change.objects.get_or_create(source=source, external_id=external_id, defaults=values)


def _of_deploy(told: Deploy, at: datetime) -> dict[str, Any]:
    ended = None if told.state is DeployState.STARTED else told.finished_at or at
    return {
        "state": told.state.value,
        "finished_at": ended,
        "version": told.version[:_NAME_LENGTH],
        "previous_version": told.previous_version[:_NAME_LENGTH],
        "commit": told.commit[:_COMMIT_LENGTH],
        "first_commit_at": told.first_commit_at,
        "pipeline_url": _web_address(told.pipeline_url),
        "is_unplanned": told.is_unplanned,
        "release": told.release[:_RELEASE_LENGTH],
    }


def _go_on(change_id: int, told: Deploy, *, now: datetime, actor: str) -> None:
    """Move the state where that is later, and fill in what was not said before."""
    change = locked(change_id)
    before = DeployState(change.state)
    fresh = _of_deploy(told, now)
    moves = follows(before, told.state)
    state = {"state": fresh.pop("state"), "finished_at": fresh.pop("finished_at")}
    missing = {name: value for name, value in fresh.items() if value and not getattr(change, name)}
    changed = missing | (state if moves else {})
    for name, value in changed.items():
        setattr(change, name, value)
    if changed:
        change.save(update_fields=sorted(changed))
    if moves:
        publish(
            events.DeployMoved(
                **about(change), before=before.value, after=change.state, at=now, actor=actor
            )
        )


def _undo_reported(change: Change, external_id: str, *, now: datetime, actor: str) -> None:
    """The deploy that a roll-back names is undone once the roll-back arrived."""
    change.refresh_from_db()
    rows = Change.objects.filter(source=change.source, external_id=external_id[:_NAME_LENGTH])
    undone = rows.exclude(id=change.id).first()
    if undone is not None and change.state == DeployState.FINISHED.value:
        tell_undone(change_id=undone.id, at=change.finished_at or now, now=now, actor=actor)


def _links(links: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    kept = [(str(link.get("href", "")), str(link.get("text", ""))) for link in links]
    return [{"href": href, "text": text or href} for href, text in kept if _web_address(href)]


def _web_address(given: str) -> str:
    """The address; "" for whatever is none, or too long to be kept whole."""
    is_one = given.startswith(("https://", "http://")) and len(given) <= _URL_LENGTH
    return given if is_one else ""


def _recorded(change: Change) -> events.ChangeRecorded:
    return events.ChangeRecorded(
        **about(change),
        change_kind=change.kind,
        environment=change.environment,
        took_effect_at=change.at.isoformat(),
        state=change.state,
        at=change.recorded_at,
        actor=change.actor,
    )
