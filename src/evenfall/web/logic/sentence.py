"""The one sentence of Tonight: whether all is calm, and who is there if it is not."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from enum import StrEnum

from msgspec import Struct

from evenfall.web.logic import times


class Sky(StrEnum):
    """How the evening looks: nothing open, all of it in hand, or something waits."""

    CALM = "calm"
    BUSY = "busy"
    ALARM = "alarm"


class Watch(Struct, frozen=True, kw_only=True):
    """One rota now. `until` is when the primary's duty ends; None without a primary."""

    rota: str
    primary: str | None
    until: datetime | None
    lieutenant: str | None


class Sentence(Struct, frozen=True):
    sky: Sky
    state: str
    watch: str


def sentence(
    *, waiting: int, in_hand: int, watches: Sequence[Watch], zone: tzinfo, now: datetime
) -> Sentence:
    """Say it for a reader in this zone; waiting and in_hand count live incidents."""
    return Sentence(_sky(waiting, in_hand), _state(waiting, in_hand), _watch(watches, zone, now))


def _sky(waiting: int, in_hand: int) -> Sky:
    if waiting:
        return Sky.ALARM
    return Sky.BUSY if in_hand else Sky.CALM


def _state(waiting: int, in_hand: int) -> str:
    if not waiting and not in_hand:
        return "All calm."
    if not waiting:
        return f"{_incidents(in_hand)} in hand."
    also = f", {in_hand} in hand" if in_hand else ""
    return f"{_incidents(waiting)} waiting for somebody{also}."


def _incidents(count: int) -> str:
    return "1 incident is" if count == 1 else f"{count} incidents are"


def _watch(watches: Sequence[Watch], zone: tzinfo, now: datetime) -> str:
    if not watches:
        return "There is no rota yet, so nobody is on call."
    gaps = [watch.rota for watch in watches if watch.primary is None]
    if gaps:
        return f"Nobody is on call for {_and(gaps)}."
    if len(watches) > 1:
        names = list(dict.fromkeys(watch.primary or "" for watch in watches))
        return f"{_and(names)} {'is' if len(names) == 1 else 'are'} on call."
    return _one(watches[0], zone, now)


def _one(watch: Watch, zone: tzinfo, now: datetime) -> str:
    until = f" until {_spoken(watch.until, zone, now)}" if watch.until else ""
    second = f", {watch.lieutenant} is lieutenant" if watch.lieutenant else ""
    return f"{watch.primary} is on call{until}{second}."


def _spoken(value: datetime, zone: tzinfo, now: datetime) -> str:
    """Like times.moment, with the day's whole name within a week: "Monday 09:00"."""
    local = value.astimezone(zone)
    ahead = (local.date() - now.astimezone(zone).date()).days
    if 1 < ahead < 7:  # noqa: PLR2004 - days of a week
        return f"{local:%A %H:%M}"
    return times.moment(value, zone, now=now)


def _and(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
