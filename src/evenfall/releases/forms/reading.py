"""Fields that several forms share, and texts that people write line by line."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.releases.actions import Reach
from evenfall.releases.logic.rules import Expected, Group, Item
from evenfall.releases.logic.windows import DAY_MINUTES, Hours
from evenfall.releases.logic.words import Kind

ENVIRONMENTS: Final = [(one.value, one.value) for one in Environment]
KIND_WORDS: Final = {
    Kind.FEATURE: "Feature",
    Kind.FIX: "Fix",
    Kind.SECURITY: "Security fix",
    Kind.P0: "P0: it cannot wait",
    Kind.ROLLBACK: "Way back",
}
KINDS: Final = [(kind.value, words) for kind, words in KIND_WORDS.items()]
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS: Final = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?\s+"
    r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})",
    re.IGNORECASE,
)


class WrongLine(forms.ValidationError):
    """A line of a text that could not be read."""


def hours_of(text: str) -> list[Hours]:
    """Read lines such as "Mon-Thu 09:00-17:00". Raises WrongLine."""
    return [one for line in lines(text) for one in _hours(line)]


def hours_text(hours: Iterable[Hours]) -> str:
    """The lines that say these hours; days in a row with the same ones share a line."""
    runs: list[tuple[Hours, int]] = []
    for one in sorted(hours, key=lambda one: (one.starts, one.ends, one.day)):
        first, last = runs[-1] if runs else (one, one.day)
        is_next = (first.starts, first.ends, last + 1) == (one.starts, one.ends, one.day)
        if is_next:
            runs[-1] = (first, one.day)
        else:
            runs.append((one, one.day))
    ordered = sorted(runs, key=lambda run: (run[0].day, run[0].starts))
    return "\n".join(_run(first, last) for first, last in ordered)


def _run(first: Hours, last: int) -> str:
    days = DAYS[first.day] if last == first.day else f"{DAYS[first.day]}-{DAYS[last]}"
    return f"{days} {_clock(first.starts)}-{_clock(first.ends)}"


def reach_choices(*, with_site: bool = True) -> list[tuple[str, str]]:
    """What a setting may be for: "site", "team:3" or "service:5"."""
    teams = [(f"team:{one.id}", f"Team {one.name}") for one in identity_queries.teams()]
    services = [(f"service:{one.id}", one.name) for one in catalog_queries.services().values()]
    site = [("site", "The whole site")] if with_site else []
    return [*site, *teams, *services]


def reach_of(text: str) -> Reach:
    kind, _, number = text.partition(":")
    if not number.isdecimal():
        return Reach()
    return Reach(team_id=int(number)) if kind == "team" else Reach(service_id=int(number))


def reach_text(reach: Reach) -> str:
    if reach.service_id is not None:
        return f"service:{reach.service_id}"
    return f"team:{reach.team_id}" if reach.team_id is not None else "site"


def moment(label: str, help_text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget)


def environments() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=ENVIRONMENTS,
        initial=["PROD"],
        widget=forms.CheckboxSelectMultiple,
        label="Environments",
    )


def text_field(label: str, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=10_000,
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReachForm(forms.Form):
    """Asks how far something reaches."""

    reach = forms.ChoiceField(label="For")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self.fields["reach"].choices = reach_choices()  # type: ignore[attr-defined] # a choice field

    def chosen(self) -> Reach:
        return reach_of(self.cleaned_data["reach"])


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _hours(line: str) -> list[Hours]:
    found = _HOURS.fullmatch(line)
    if found is None:
        raise WrongLine(f"“{line[:60]}” says no hours. Write “Mon-Thu 09:00-16:00”.")
    first = DAYS.index(found[1].capitalize())
    last = DAYS.index(found[2].capitalize()) if found[2] else first
    starts, ends = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if first > last or not starts < ends <= DAY_MINUTES:
        raise WrongLine(f"“{line[:60]}” ends before it starts.")
    return [Hours(day, starts, ends) for day in range(first, last + 1)]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def group(line: str, known: dict[str, int]) -> Group:
    slug, _, need = line.partition(" ")
    number = need.strip() or "1"
    if slug not in known or not number.isdecimal() or len(number) > 3:  # noqa: PLR2004 - people
        raise WrongLine(f"“{line[:60]}” is no team with a number. Write “security 1”.")
    return Group(team_id=known[slug], need=int(number))


def item(line: str) -> Item:
    text, _, check = (part.strip() for part in line.partition("="))
    key = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
    if not key:
        raise WrongLine(f"“{line[:60]}” has no words.")
    return Item(key=key, text=text[:300], check=check[:80])


def expected(line: str) -> Expected:
    name, _, hours = line.rpartition(" ")
    if not name:
        return Expected(name=line[:80])
    if not hours.isdecimal() or len(hours) > 6:  # noqa: PLR2004 - a hundred years
        raise WrongLine(f"“{line[:60]}” has no hours. Write “unit-tests 24”.")
    return Expected(name=name.strip()[:80], fresh_hours=int(hours))
