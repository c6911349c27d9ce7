"""What a translator writes down while it reads: findings, and a key for everybody it meets."""

from collections.abc import Iterable

from msgspec.structs import replace

from evenfall.importing.logic.drafts import Finding, PersonDraft, Severity, TeamDraft
from evenfall.paging.ports import PersonRule


def short_name(name: str | None, fallback: str) -> str:
    """A name as rotas and layers take it: at most 90 characters, never empty."""
    return " ".join((name or "").split())[:90] or fallback


class Notes:
    """The findings and the keys of one translation. Keys count from 1 in order of appearance."""

    def __init__(self) -> None:
        self._findings: dict[Finding, None] = {}
        self._people: dict[str, PersonDraft] = {}
        self._teams: dict[str, TeamDraft] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Worst first; the same finding counts once."""
        order = tuple(Severity)
        return tuple(sorted(self._findings, key=lambda found: order.index(found.severity)))

    @property
    def people(self) -> tuple[PersonDraft, ...]:
        """Everybody; who has no name is called by the id."""
        return tuple(replace(one, name=one.name or one.origin) for one in self._people.values())

    @property
    def teams(self) -> tuple[TeamDraft, ...]:
        return tuple(self._teams.values())

    def cannot(self, where: str, about: str, why: str, todo: str) -> None:
        self._add(Severity.CANNOT, where, about, why, todo)

    def approximated(self, where: str, about: str, why: str, todo: str) -> None:
        self._add(Severity.APPROXIMATED, where, about, why, todo)

    def ignored(self, where: str, about: str, why: str, todo: str) -> None:
        self._add(Severity.IGNORED, where, about, why, todo)

    def person(self, origin: str, *, name: str = "", email: str = "") -> int:
        """The key of somebody; what is told first about a name and an address counts."""
        known = self._people.get(origin)
        key = known.key if known else len(self._people) + 1
        self._people[origin] = PersonDraft(
            key=key,
            origin=origin,
            name=(known.name if known else "") or name or email,
            email=(known.email if known else "") or email.strip().lower(),
            rules=known.rules if known else (),
        )
        return key

    def known(self, origin: str) -> PersonDraft | None:
        return self._people.get(origin)

    def give_rules(self, origin: str, rules: Iterable[PersonRule]) -> None:
        """Add to the personal rules of somebody who was met before; the same rule counts once."""
        person = self._people[origin]
        both = tuple(dict.fromkeys((*person.rules, *rules)))
        self._people[origin] = replace(person, rules=both)

    def team(self, name: str) -> int:
        known = self._teams.setdefault(name, TeamDraft(key=len(self._teams) + 1, name=name))
        return known.key

    def _add(self, severity: Severity, where: str, about: str, why: str, todo: str) -> None:
        found = Finding(severity=severity, where=where, about=about, why=why, todo=todo)
        self._findings[found] = None
