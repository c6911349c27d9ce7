"""Plays a day through the product, with a clock that is moved instead of waited for.

Everything is real but time, the senders and the providers: signals are stored as the front door
stores them, and from there the product's own drains and reactors carry them on. What it would do
within a second of a signal that may call somebody is done at the moment of that signal; all others
come with the next moment, at most two minutes later. What is looked for by time is looked for less
often than the product does: symptoms whose cause is over every two minutes, ends and windows and
due pages every ten, and the slow lane runs every hour.

People answer a page within four minutes of its first call, so that policies have nothing to add.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

import msgspec
from django.db import connection, transaction
from tests.day.plan import TICK, Day, Sender, Signal
from tests.day.routing import LOUD
from tests.day.world import World

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions.repeats import FRONT_DOOR
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.drains.inhibit import follow_causes
from evenfall.alerting.drains.receive import receive_waiting
from evenfall.alerting.models import Signal as Stored
from evenfall.alerting.models import SignalBatch
from evenfall.paging import actions as paging_actions
from evenfall.paging.drains import advance_due_pages
from evenfall.paging.models import Page, Participation
from evenfall.paging.ports import Response
from evenfall.platform import reactions
from evenfall.platform.models import Beat
from evenfall.platform.wakeups import Drain

MINUTE: Final = timedelta(minutes=1)
ANSWERS_AFTER: Final = 2 * MINUTE
LOOK_EVERY: Final = 10 * MINUTE
AFTERWARDS: Final = 30 * MINUTE
SLOW_EVERY: Final = timedelta(hours=1)
_COMMIT: Final = 1000  # the front door numbers at most 1,024 signals of one
_URGENT_LANES: Final = frozenset({"intake", "paging"})
_FORMATS: Final = {Sender.METRICS: "alertmanager.api", Sender.BATCH: "json"}
_PENDING: Final = "SELECT DISTINCT reactor FROM platform_pending_reaction WHERE due_at <= %s"
_NUMBER: Final = "SELECT nextval('alerting_signal_batch_number') << 10"


@dataclass
class Replay:
    """One day on its way; `firings` tells which planted alert each stored signal is of."""

    day: Day
    world: World
    firings: dict[int, str] = field(default_factory=dict)
    _drains: dict[str, Drain] = field(init=False)
    _waiting: list[Signal] = field(init=False)

    def __post_init__(self) -> None:
        self._drains = {one.name.removeprefix("react."): one for one in reactions.drains()}
        self._waiting = list(reversed(self.day.signals))

    def run(self) -> None:
        """Play the whole day, and the half hour after it in which everything comes to its end."""
        Beat.objects.update_or_create(
            name=FRONT_DOOR,
            defaults={"at": self.day.starts, "detail": {"since": self.day.starts.isoformat()}},
        )
        for now in self._moments():
            self._step(now)

    def _moments(self) -> Iterator[datetime]:
        """When something that may call somebody begins, changes or ends, and every `TICK`."""
        told = {one.at for one in self.day.signals if _is_news(one)}
        ticks = range((self.day.ends + AFTERWARDS - self.day.starts) // TICK + 1)
        yield from sorted(told | {self.day.starts + TICK * number for number in ticks})

    def _step(self, now: datetime) -> None:
        since = now - self.day.starts
        is_tick = not since % TICK
        come = self._take_in(now)
        if not since % LOOK_EVERY:
            self._look(now)
        if come or is_tick:
            self._react(now, slow=not since % SLOW_EVERY)
        if is_tick:
            self._answer(now)

    def _take_in(self, now: datetime) -> int:
        come = []
        while self._waiting and self._waiting[-1].at <= now:
            come.append(self._waiting.pop())
        for some in batched(come, _COMMIT):
            self._store(some)
            assert receive_waiting(now).done == len(some)
        return len(come)

    @transaction.atomic
    def _store(self, signals: Sequence[Signal]) -> None:
        """One commit of the front door."""
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER)
            first: int = cursor.fetchone()[0]
        rows = [
            Stored(
                id=number,
                received_at=signal.at,
                integration_id=self.world.integrations[signal.firing.sender],
                format=_FORMATS[signal.firing.sender],
                unparsed=False,
                body=body_of(signal),
            )
            for number, signal in enumerate(signals, start=first)
        ]
        Stored.objects.bulk_create(rows)
        SignalBatch.objects.create(
            first_id=first,
            size=len(rows),
            received_from=signals[0].at,
            received_to=signals[-1].at,
            body_bytes=sum(len(row.body) for row in rows),
        )
        told = zip(rows, signals, strict=True)
        self.firings.update((row.id, signal.firing.id) for row, signal in told)

    def _look(self, now: datetime) -> None:
        Beat.objects.filter(name=FRONT_DOOR).update(at=now)
        while end_what_is_over(now).done:
            pass
        alerting_actions.end_by_policy(now=now)
        while advance_due_pages(now).done:
            pass

    def _react(self, now: datetime, *, slow: bool) -> None:
        """Whatever was published is followed until nothing is left."""
        is_moving = True
        while is_moving:
            done = follow_causes(now).done
            done += sum(self._drains[name].run(now).done for name in self._pending(now, slow=slow))
            is_moving = bool(done)

    def _pending(self, now: datetime, *, slow: bool) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_PENDING, [now])
            names = [row[0] for row in cursor.fetchall()]
        return sorted(n for n in names if slow or self._drains[n].lane in _URGENT_LANES)

    def _answer(self, now: datetime) -> None:
        """Whoever was called takes the page."""
        open_ = Page.objects.filter(
            status="paging", urgency="high", started_at__lte=now - ANSWERS_AFTER
        )
        for page_id in list(open_.order_by("id").values_list("id", flat=True)):
            called = Participation.objects.filter(page_id=page_id).order_by("id").first()
            assert called is not None, f"page {page_id} called nobody"
            paging_actions.respond(
                page_id=page_id,
                response=Response.ON_IT,
                user_id=called.user_id,
                via="web",
                now=now,
                actor=f"user:{called.user_id}",
            )
            self._react(now, slow=False)


def _is_news(signal: Signal) -> bool:
    is_loud = signal.firing.severity in LOUD and signal.firing.labels["env"] != "DEV"
    return is_loud and (signal.is_first or signal.is_over)


def body_of(signal: Signal) -> bytes:
    """What the sender posts."""
    told = _batch(signal) if signal.firing.sender is Sender.BATCH else _metrics(signal)
    return msgspec.json.encode([told])


def _metrics(signal: Signal) -> Mapping[str, Any]:
    firing = signal.firing
    return {
        "labels": firing.labels,
        "annotations": {"summary": firing.summary},
        "startsAt": firing.began,
        "endsAt": signal.until,
    }


def _batch(signal: Signal) -> Mapping[str, Any]:
    firing = signal.firing
    return {
        "dedup_key": firing.key,
        "summary": firing.summary,
        "status": "resolved" if signal.is_over else "firing",
        "severity": signal.severity,
        "labels": firing.labels,
    }
