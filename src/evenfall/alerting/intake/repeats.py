"""Alerts known to be open, so that an unchanged repeat needs no write.

Prometheus and its like send every firing alert again each minute. While nothing changes, a repeat
only moves the moment when the alert would be over for want of repeats, and that is saved once half
of the time has passed.

An entry may only say "open" while the database says so too. It therefore goes

- when its alert closes, told by NOTIFY (`close`). That names alerts by a digest of their dedup key,
  which costs more to work out than everything else about a repeat; so entries are named a little
  later (`name_some`), and those of the integration that have no name yet go as well;
- with all others when the LISTEN connection is lost (`forget_all`);
- when it is `TTL_S` old: whatever was missed heals then;
- when the table is full, oldest first.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from evenfall.alerting.models.signal_queue import key_digest
from evenfall.alerting.ports import Examined, Format, KnownAlert, Repeat

TTL_S = 600.0
LIMIT = 100_000
_NOTHING: Mapping[bytes, KnownAlert] = {}


class Sighting(NamedTuple):
    """An open alert that was repeated; `expires_at` is in seconds since 1970."""

    integration_id: int
    dedup_key: str
    expires_at: float


class _Alerts:
    """The known alerts of one integration and format, oldest first."""

    def __init__(self, format_: Format) -> None:
        self.key_of = format_.repeat_key
        self.known: dict[bytes, KnownAlert] = {}
        self.unnamed: dict[bytes, None] = {}
        self.named: dict[str, list[bytes]] = {}
        self.due: dict[bytes, float] = {}

    def add(self, repeat: Repeat, now_s: float) -> None:
        is_new = self.known.pop(repeat.identity, None) is None
        self.known[repeat.identity] = KnownAlert(
            repeat.content, repeat.expires_at, repeat.expires_at, now_s
        )
        if is_new:
            self.unnamed[repeat.identity] = None

    def name_some(self, count: int) -> int:
        """Work out the names of up to `count` entries; return how many that were."""
        chosen = list(itertools.islice(self.unnamed, count))
        for identity in chosen:
            del self.unnamed[identity]
            name = key_digest(self.key_of(identity))
            self.named.setdefault(name, []).append(identity)
        return len(chosen)

    def forget_older(self, added_before: float) -> None:
        while self.known:
            identity, alert = next(iter(self.known.items()))
            if alert.added_at >= added_before:
                return
            self.forget(identity)

    def forget_oldest(self, count: int) -> None:
        for identity in list(itertools.islice(self.known, count)):
            self.forget(identity)

    def forget_stale_names(self) -> None:
        """Begin to name anew once most names are of entries that are gone."""
        if len(self.named) > 2 * len(self.known) + 1000:
            self.named.clear()
            self.unnamed = dict.fromkeys(self.known)

    def forget(self, identity: bytes) -> None:
        self.known.pop(identity, None)
        self.unnamed.pop(identity, None)

    def close(self, name: str) -> None:
        for identity in (*self.unnamed, *self.named.pop(name, ())):
            self.known.pop(identity, None)
        self.unnamed.clear()


class RepeatTable:
    """The known alerts of all integrations; one event loop only.

    It learns nothing until `is_listening` says that closings are heard.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, limit: int = LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._alerts: dict[tuple[int, str], _Alerts] = {}
        self._closed_at: dict[int, float] = {}
        self.is_listening = False

    def known(self, integration: int, format_name: str) -> Mapping[bytes, KnownAlert]:
        alerts = self._alerts.get((integration, format_name))
        return _NOTHING if alerts is None else alerts.known

    def seen(self, integration: int, format_name: str, examined: Examined, now_s: float) -> None:
        """Note a request that was nothing but unchanged repeats; `now_s` is since 1970."""
        alerts = self._alerts[integration, format_name]
        known = alerts.known
        for repeat in examined.repeats:
            alert = known[repeat.identity]
            alert.expires_at = repeat.expires_at
            if alert.saved_until * 2 < repeat.expires_at + now_s:
                alert.saved_until = repeat.expires_at
                alerts.due[repeat.identity] = repeat.expires_at

    def learn(
        self, integration: int, format_: Format, examined: Examined, *, taken_at: float
    ) -> None:
        """Note a committed request: its firing alerts are open from now on.

        `taken_at` is when it came in, by this table's clock. Where a closing was heard since, its
        alert may be among these, so nothing is learnt; the next repeat is stored again.
        """
        if not self.is_listening or self._closed_at.get(integration, -1.0) >= taken_at:
            return
        key = (integration, format_.name)
        alerts = self._alerts.get(key)
        if alerts is None:
            alerts = self._alerts[key] = _Alerts(format_)
        now_s = self._clock()
        for repeat in examined.repeats:
            alerts.add(repeat, now_s)

    def forget(self, integration: int, format_name: str, identities: Iterable[bytes]) -> None:
        """Drop alerts whose sender says that they are over."""
        alerts = self._alerts.get((integration, format_name))
        if alerts is not None:
            for identity in identities:
                alerts.forget(identity)

    def close(self, integration: int, name: str) -> None:
        """Drop an alert that is no longer open; `name` is the digest of its dedup key."""
        self._closed_at[integration] = self._clock()
        for (owner, _), alerts in self._alerts.items():
            if owner == integration:
                alerts.close(name)

    def forget_all(self) -> None:
        self._alerts.clear()

    def tidy(self) -> None:
        """Name some entries, drop old ones and those past the limit. Takes a few milliseconds."""
        left = 500
        oldest = self._clock() - TTL_S
        for alerts in self._alerts.values():
            alerts.forget_older(oldest)
            alerts.forget_stale_names()
            left -= alerts.name_some(left)
            if left <= 0:
                break
        excess = len(self) - self._limit
        for alerts in self._alerts.values():
            if excess <= 0:
                break
            drop = min(excess, len(alerts.known))
            alerts.forget_oldest(drop)
            excess -= drop

    def take_due(self, count: int) -> list[Sighting]:
        """Return, and forget, up to `count` alerts whose new end ought to be saved."""
        taken: list[Sighting] = []
        for (integration, _), alerts in self._alerts.items():
            while alerts.due and len(taken) < count:
                identity, expires_at = alerts.due.popitem()
                taken.append(Sighting(integration, alerts.key_of(identity), expires_at))
        return taken

    def __len__(self) -> int:
        return sum(len(alerts.known) for alerts in self._alerts.values())
