"""The way of one request through the front door.

key -> examine -> known repeats answered from memory -> all else committed, then answered. The
steps before the commit take microseconds and never wait, so they are plain calls; the answer comes
through a callback, at once or when the commit is done.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from evenfall.alerting.intake import arrays
from evenfall.alerting.intake.commits import GroupCommit
from evenfall.alerting.intake.keys import KeyTable, Sender
from evenfall.alerting.intake.repeats import RepeatTable
from evenfall.alerting.intake.unheard import Later, Reply, Request, Unheard
from evenfall.alerting.ports import Examined, Format, Refusal
from evenfall.platform.clock import utc_now
from evenfall.platform.metrics import counter

requests = counter("evenfall_intake_requests", "Requests at the front door", ("result",))


class Refused(Struct, kw_only=True):
    """Requests with a key nobody has; `ends_with` is the end of the last one."""

    count: int
    first_at: datetime
    last_at: datetime
    ends_with: str


class Door:
    """Answers requests of senders; one event loop only."""

    def __init__(
        self,
        *,
        keys: KeyTable,
        repeats: RepeatTable,
        commits: GroupCommit,
        later: Later,
        ask: Callable[[], None],
    ) -> None:
        """`later` runs something in so many seconds; `ask` wants the keys to be read again."""
        self._keys = keys
        self._repeats = repeats
        self._commits = commits
        self.last_signal: dict[int, datetime] = {}
        self.last_error: dict[int, str] = {}
        self.refused: Refused | None = None
        self._counted: Counter[str] = Counter()
        self.unheard = Unheard(later, ask=ask, again=self._take_in, too_late=self._overloaded)

    def receive(self, format_: Format, key: str | None, body: bytes, reply: Reply) -> None:
        """Deal with one request body; `reply` is called exactly once, perhaps before this returns.

        `key` is the integration key of the path, None when the body carries it.
        """
        self._take_in(Request(format_, key, body, reply, time.monotonic()), may_wait=True)

    def _take_in(self, request: Request, *, may_wait: bool = False) -> None:
        format_, key, body, reply = request.format, request.key, request.body, request.reply
        now = utc_now()
        sender = None if key is None else self._keys.find(key, now)
        known = self._repeats.known(0 if sender is None else sender.id, format_.name)
        examined = format_.examine(body, received_at=now, known=known)
        if sender is None:
            key = key or examined.key
            if key is None:
                self._refuse(format_, reply, Refusal.KEY_MISSING, examined.errors)
                return
            sender = self._keys.find(key, now)
            if sender is None:
                if not may_wait:
                    self._refuse_key(request, key, now)
                elif not self.unheard.hold(request):
                    self._overloaded(request)
                return
        if examined.unchanged:
            self._repeats.seen(sender.id, format_.name, examined, now.timestamp())
            self._counted["repeated"] += 1
            reply(format_.accepted(examined))
        elif examined.nothing:
            self._counted["empty"] += 1
            reply(format_.accepted(examined))
        else:
            self._store(format_, sender, examined, body, now, reply)

    def _store(
        self,
        format_: Format,
        sender: Sender,
        examined: Examined,
        body: bytes,
        now: datetime,
        reply: Reply,
    ) -> None:
        taken_at = time.monotonic()
        self.last_signal[sender.id] = now
        if examined.errors:
            self.last_error[sender.id] = examined.errors[0][:500]
        if examined.over:
            self._repeats.forget(sender.id, format_.name, examined.over)

        def told(committed: bool) -> None:  # noqa: FBT001 - see commits.Told
            if not committed:
                self._refuse(format_, reply, Refusal.OVERLOADED)
                return
            if examined.repeats:
                self._repeats.learn(sender.id, format_, examined, taken_at=taken_at)
            self._counted["stored"] += 1
            reply(format_.accepted(examined))

        taken = self._commits.add(
            integration=sender.packed,
            format_name=_packed_name(format_.name),
            body=body,
            unparsed=examined.unparsed,
            received_at=now,
            told=told,
        )
        if not taken:
            self._refuse(format_, reply, Refusal.OVERLOADED)

    def _refuse_key(self, request: Request, key: str, now: datetime) -> None:
        if self.refused is None:
            self.refused = Refused(count=0, first_at=now, last_at=now, ends_with="")
        self.refused.count += 1
        self.refused.last_at, self.refused.ends_with = now, key[-4:]
        self._refuse(request.format, request.reply, Refusal.KEY_UNKNOWN)

    def _overloaded(self, request: Request) -> None:
        """It may be a good key that we have not heard of; the sender will try again."""
        self._refuse(request.format, request.reply, Refusal.OVERLOADED)

    def _refuse(
        self, format_: Format, reply: Reply, refusal: Refusal, errors: tuple[str, ...] = ()
    ) -> None:
        self._counted[refusal.value] += 1
        reply(format_.refused(refusal, errors))

    def publish_counts(self) -> None:
        """Add what was counted to the metrics: their locks are too dear for each request."""
        counted, self._counted = self._counted, Counter()
        for result, times in counted.items():
            requests.labels(result).inc(times)


@lru_cache(maxsize=64)
def _packed_name(name: str) -> bytes:
    encoded = name.encode()
    return arrays.length(encoded) + encoded
