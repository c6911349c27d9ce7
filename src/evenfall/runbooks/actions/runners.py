"""Runners: made and revoked by people, asked by steps, and what they bring back.

Work is handed out at most once and never late: whoever asked may have given it up by then.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.platform.crypto import new_token, token_hash
from evenfall.platform.events import publish
from evenfall.runbooks import errors, events
from evenfall.runbooks.models import Runner, RunnerWork

MOST_OUTPUT: Final = 20_000
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_SEEN_EVERY: Final = timedelta(seconds=5)
_PREFIX: Final = "evf_rn_"
_KEPT: Final = timedelta(days=30)
_MOST_COMMANDS: Final = 200


class RunnerErrand(Struct, frozen=True, kw_only=True):
    """What a runner shall do, and how many seconds it has."""

    id: int
    command: str
    arguments: Mapping[str, str]
    time_limit_s: float


def create_runner(*, name: str, now: datetime, actor: str) -> tuple[int, str]:
    """Make a runner; returns its id and its token, which is told this once.

    Raises RunnerUnclear.
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        reason = "Use small letters, digits, dots, dashes and underscores; at most sixty."
        raise errors.RunnerUnclear(field="name", reason=reason)
    token = new_token(_PREFIX)
    with transaction.atomic():
        if Runner.objects.filter(name=name, revoked_at=None).exists():
            raise errors.RunnerUnclear(field="name", reason=f"There is a runner {name} already.")
        runner = Runner.objects.create(
            name=name,
            token_hash=token_hash(token),
            hint=f"{_PREFIX}…{token[-4:]}",
            created_at=now,
            created_by=actor,
        )
        publish(events.RunnerAdded(runner_id=runner.pk, name=name, at=now, actor=actor))
    return runner.pk, token


@transaction.atomic
def revoke_runner(*, runner_id: int, now: datetime, actor: str) -> None:
    """Take its token away; what waits for it is never handed out. Raises RunnerNotFound."""
    runner = Runner.objects.select_for_update().filter(id=runner_id, revoked_at=None).first()
    if runner is None:
        raise errors.RunnerNotFound(runner=runner_id)
    runner.revoked_at = now
    runner.save(update_fields=["revoked_at"])
    publish(events.RunnerRevoked(runner_id=runner.pk, name=runner.name, at=now, actor=actor))


def runner_of(*, token: str, name: str) -> int | None:
    """The runner that this token belongs to, if it has this name."""
    found = Runner.objects.filter(token_hash=token_hash(token), name=name, revoked_at=None)
    return found.values_list("id", flat=True).first()


def announce_runner(
    *, runner_id: int, commands: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Remember that it is there, and what it allows."""
    allowed = list(commands)[:_MOST_COMMANDS]
    rows = Runner.objects.filter(id=runner_id, revoked_at=None)
    stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - _SEEN_EVERY) | ~Q(commands=allowed)
    rows.filter(stale).update(last_seen_at=now, commands=allowed)


@transaction.atomic
def hand_out(*, runner_id: int, now: datetime) -> RunnerErrand | None:
    """The oldest work that waits for this runner and is still wanted; it is never given again."""
    waiting = RunnerWork.objects.filter(
        runner_id=runner_id, runner__revoked_at=None, state="waiting", expires_at__gt=now
    )
    work = waiting.order_by("id").select_for_update(of=("self",), skip_locked=True).first()
    if work is None:
        return None
    work.state, work.taken_at = "taken", now
    work.save(update_fields=["state", "taken_at"])
    return RunnerErrand(
        id=work.pk,
        command=work.command,
        arguments=work.arguments,
        time_limit_s=(work.expires_at - now).total_seconds(),
    )


@transaction.atomic
def take_result(*, runner_id: int, work_id: int, ok: bool, output: str, now: datetime) -> None:
    """Write down what came of it; the same result again changes nothing. Raises WorkNotFound."""
    rows = RunnerWork.objects.filter(id=work_id, runner_id=runner_id)
    work = rows.select_for_update().first()
    if work is None or work.state == "waiting":
        raise errors.WorkNotFound(work_id=work_id)
    if work.ended_at is None:
        said = output.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[-MOST_OUTPUT:]
        work.state, work.ok, work.output, work.ended_at = "done", ok, said, now
        work.save(update_fields=["state", "ok", "output", "ended_at"])


def ask_runner(
    *, name: str, command: str, arguments: Mapping[str, str], limit: timedelta, now: datetime
) -> int:
    """Put work into the queue of a runner; returns its id. Raises RunnerNotFound."""
    runner_id = Runner.objects.filter(name=name, revoked_at=None).values_list("id", flat=True)
    found = runner_id.first()
    if found is None:
        raise errors.RunnerNotFound(runner=name)
    RunnerWork.objects.filter(runner_id=found, asked_at__lt=now - _KEPT).delete()
    work = RunnerWork.objects.create(
        runner_id=found,
        command=command,
        arguments=dict(arguments),
        asked_at=now,
        expires_at=now + limit,
    )
    return work.pk


def cancel_work(*, work_id: int) -> bool:
    """Take it back from the queue; False when a runner has it already."""
    waiting = RunnerWork.objects.filter(id=work_id, state="waiting")
    return waiting.update(state="cancelled") == 1
