"""The mapping of plain JSON: where our fields are in somebody's body, and what their words mean.

It is kept flat, as people write it, one line each::

    summary = check.output
    labels.team = owner.team
    severity:P0 = critical
    status:firing = trigger
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from evenfall.alerting.logic.paths import PathError, parse_path
from evenfall.alerting.logic.updates import Severity, UpdateAction

FIELDS: Final[Mapping[str, str]] = {
    "summary": "Title",
    "severity": "Severity",
    "status": "Status: open or over",
    "dedup_key": "Deduplication key",
    "service": "Service",
    "source": "Source",
    "environment": "Environment",
    "url": "Link",
    "starts_at": "Began at",
    "labels": "All labels",
    "details": "Details",
    "component": "Component",
    "group": "Group",
    "class": "Class",
    "image": "Image",
}
WHOLE_OBJECTS: Final = frozenset({"labels", "details"})
LABEL: Final = "labels."
SEVERITY_WORD: Final = "severity:"
STATUS_WORD: Final = "status:"
MOST: Final = 100
LONGEST_NAME: Final = 120
STATUSES: Final[Mapping[str, UpdateAction]] = {
    one.value: one for one in (UpdateAction.TRIGGER, UpdateAction.RESOLVE, UpdateAction.ACKNOWLEDGE)
}


class Mapped(Struct, frozen=True):
    """A mapping, taken apart. Words are in small letters."""

    paths: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    statuses: Mapping[str, UpdateAction] = field(default_factory=dict)


class MappingProblem(Struct, frozen=True):
    name: str
    reason: str


NOTHING: Final = Mapped()


def read_mapping(mapping: Mapping[str, object]) -> Mapped:
    """Take a mapping apart; what cannot be used is left out."""
    if not mapping:
        return NOTHING
    pairs = [(name, value) for name, value in mapping.items() if isinstance(value, str) and value]
    severities = dict(_words(pairs, SEVERITY_WORD))
    statuses = dict(_words(pairs, STATUS_WORD))
    return Mapped(
        paths={name: path for name, path in pairs if name in FIELDS},
        labels={name[len(LABEL) :]: path for name, path in pairs if name.startswith(LABEL)},
        severities={w: Severity(v) for w, v in severities.items() if v in set(Severity)},
        statuses={word: STATUSES[v] for word, v in statuses.items() if v in STATUSES},
    )


def _words(pairs: list[tuple[str, str]], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if name.startswith(prefix):
            yield name[len(prefix) :].strip().lower(), value.strip().lower()


def problems_of(mapping: Mapping[str, str]) -> list[MappingProblem]:
    """Say what cannot be used in a mapping; nothing when all of it can."""
    found = [
        MappingProblem(name, reason)
        for name, value in mapping.items()
        if (reason := _problem(name, value))
    ]
    if len(mapping) > MOST:
        found.append(MappingProblem("", f"A mapping has {MOST} lines at most."))
    return found


def _problem(name: str, value: str) -> str:
    if len(name) > LONGEST_NAME:
        return f'The name "{name[:40]}…" is too long.'
    for prefix, known in ((SEVERITY_WORD, Severity), (STATUS_WORD, STATUSES)):
        if name.startswith(prefix):
            return _word_problem(name, value, tuple(known), prefix)
    if name in FIELDS or name.removeprefix(LABEL) not in ("", name):
        try:
            parse_path(value)
        except PathError as error:
            return f"{name} = {value[:60]}: {error}."
        return ""
    return f"There is no field {name}. Fields are {', '.join(FIELDS)}, and labels.name for a label."


def _word_problem(name: str, value: str, known: tuple[str, ...], prefix: str) -> str:
    if not name[len(prefix) :].strip():
        return f"{name} = {value[:60]}: write a word behind {prefix}"
    if value.strip().lower() in known:
        return ""
    return f"{name} = {value[:60]}: it can mean {', '.join(known)}."
