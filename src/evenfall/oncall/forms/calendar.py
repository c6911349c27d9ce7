"""What a page of the calendar is asked for in its address. Nonsense is shown as the usual page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from evenfall.oncall.logic.calendar import View
from evenfall.oncall.logic.spec import OverrideKind, Role
from evenfall.platform.wall_clock import YEARS

MOST_DIGITS = 18
ZONES = ("mine", "rota", "utc")


class Asked(Struct, frozen=True, kw_only=True):
    """Which days, of whom, and in whose zone. Of person, rota and team at most one is set."""

    view: View
    on: date
    zone: str
    person_id: int | None = None
    rota_id: int | None = None
    team_id: int | None = None
    everything: bool = False

    def query(self, **changed: Any) -> str:  # noqa: ANN401 - any field
        """The address of the same page with something else about it."""
        other = replace(self, **changed)
        words = {
            "view": other.view.value,
            "on": other.on.isoformat(),
            "zone": other.zone,
            "person": other.person_id,
            "rota": other.rota_id,
            "team": other.team_id,
            "all": "1" if other.everything else None,
        }
        return f"?{urlencode({name: word for name, word in words.items() if word is not None})}"


def asked(query: Mapping[str, str], *, today: date) -> Asked:
    """What the address asks for; what is not understood falls back to this month, one's own."""
    view = View.WEEK if query.get("view") == View.WEEK.value else View.MONTH
    zone = query.get("zone", "")
    whom: dict[str, int] = {}
    for name in ("person", "rota", "team"):
        number = number_in(query, name)
        if number is not None and not whom:
            whom[f"{name}_id"] = number
    return Asked(
        view=view,
        on=_day(query.get("on", "")) or today,
        zone=zone if zone in ZONES else ZONES[0],
        everything=not whom and query.get("all") == "1",
        person_id=whom.get("person_id"),
        rota_id=whom.get("rota_id"),
        team_id=whom.get("team_id"),
    )


def number_in(query: Mapping[str, str], name: str) -> int | None:
    """A positive id, None for anything else."""
    text = query.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return (int(text) or None) if is_number else None


def instant_in(query: Mapping[str, str], name: str) -> datetime | None:
    """An aware instant in ISO 8601; None for anything else, also for a year out of range."""
    try:
        moment = datetime.fromisoformat(query.get(name, ""))
    except ValueError:
        return None
    is_fit = moment.tzinfo is not None and moment.year in YEARS[1:-1]
    return moment if is_fit else None


def prefilled(query: Mapping[str, str]) -> dict[str, Any]:
    """What an address says of a new override or request; the rest is left to the form."""
    known = {
        "starts_at": instant_in(query, "starts"),
        "ends_at": instant_in(query, "ends"),
        "person": number_in(query, "person"),
        "role": query.get("role") if query.get("role") in set(Role) else None,
        "kind": query.get("kind") if query.get("kind") in set(OverrideKind) else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS[1:-1] else None
