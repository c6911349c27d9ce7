"""The form of a mapping: a select for each field, and rows for labels and words."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from evenfall.alerting.errors import MappingNotValid
from evenfall.alerting.logic.mapping import (
    FIELDS,
    LABEL,
    SEVERITY_WORD,
    STATUS_WORD,
    STATUSES,
    WHOLE_OBJECTS,
    problems_of,
)
from evenfall.alerting.logic.samples import Node, flat, labels_of, meanings, words_at
from evenfall.alerting.logic.updates import Severity

MOST_JSON: Final = 20_000
_MOST_ROWS: Final = 40
_FREE_ROWS: Final = 2
_MOST_CHOICES: Final = 300


class Choice(Struct, frozen=True):
    value: str
    label: str


class FieldRow(Struct, frozen=True):
    """One select: `name` of the control, what is chosen, and what can be."""

    name: str
    label: str
    chosen: str
    choices: tuple[Choice, ...]


class LabelRow(Struct, frozen=True):
    number: int
    label: str
    chosen: str
    choices: tuple[Choice, ...]


class WordRow(Struct, frozen=True):
    """A word that senders use, and what it means."""

    name: str
    word: str
    chosen: str
    choices: tuple[Choice, ...]


class MappingForm(Struct, frozen=True):
    fields: tuple[FieldRow, ...]
    labels: tuple[LabelRow, ...]
    severities: tuple[WordRow, ...]
    statuses: tuple[WordRow, ...]


def mapping_in(data: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping that a posted form says; rows that are not filled are left out."""
    mapping = {name: data.get(f"at-{name}", "").strip() for name in FIELDS}
    for number in range(_MOST_ROWS):
        label = data.get(f"label-{number}", "").strip()
        if label:
            mapping[LABEL + label] = data.get(f"label-at-{number}", "").strip()
        for short, prefix in (("severity", SEVERITY_WORD), ("status", STATUS_WORD)):
            word = data.get(f"{short}-word-{number}", "").strip()
            if word:
                mapping[prefix + word] = data.get(f"{short}-means-{number}", "").strip()
    return {name: value for name, value in mapping.items() if value}


def mapping_of_json(text: str) -> dict[str, str]:
    """Return the mapping that a text in JSON says, alone or as the API gives it.

    Raises MappingNotValid with what is wrong.
    """
    if len(text) > MOST_JSON:
        raise MappingNotValid(field="json", reason=f"It has more than {MOST_JSON} characters.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"This is no JSON: {error}." if str(error) else "This is no JSON."
        raise MappingNotValid(field="json", reason=reason) from None
    if isinstance(said, dict) and isinstance(said.get("mapping"), dict):
        said = said["mapping"]
    if not isinstance(said, dict):
        reason = 'It is one object: our field and the path in the body, {"summary": "alert.name"}.'
        raise MappingNotValid(field="json", reason=reason)
    for name, path in said.items():
        if not isinstance(path, str):
            raise MappingNotValid(field="json", reason=f"{name[:80]}: the path is a text.")
    found = {_shown(name): _shown(path) for name, path in said.items() if path.strip()}
    for problem in problems_of(found):
        raise MappingNotValid(field="json", reason=problem.reason)
    return found


def _shown(text: str) -> str:
    """Half a surrogate of an escape, or a NUL, could be neither shown nor stored."""
    return text.encode(errors="replace").decode().replace("\0", "").strip()


def mapping_form(
    mapping: Mapping[str, str], nodes: list[Node], events: Sequence[Mapping[str, object]]
) -> MappingForm:
    """Build the form for a mapping and the values of a sample."""
    all_nodes = list(flat(nodes))[:_MOST_CHOICES]
    leaves = [Choice(n.path, f"{n.path}: {n.shown[:60]}") for n in all_nodes if not n.is_whole]
    wholes = [Choice(n.path, n.path) for n in all_nodes if n.is_whole]
    labels = [*labels_of(mapping).items(), *[("", "")] * _FREE_ROWS][:_MOST_ROWS]
    return MappingForm(
        fields=tuple(
            FieldRow(
                f"at-{name}",
                label,
                mapping.get(name, ""),
                _with(mapping.get(name, ""), wholes + leaves if name in WHOLE_OBJECTS else leaves),
            )
            for name, label in FIELDS.items()
        ),
        labels=tuple(
            LabelRow(number, label, path, _with(path, leaves))
            for number, (label, path) in enumerate(labels)
        ),
        severities=_words(mapping, SEVERITY_WORD, "severity", tuple(Severity), events),
        statuses=_words(mapping, STATUS_WORD, "status", tuple(STATUSES), events),
    )


def _with(chosen: str, known: Sequence[Choice]) -> tuple[Choice, ...]:
    """What is chosen stays a choice where this sample does not have it."""
    if not chosen or any(one.value == chosen for one in known):
        return tuple(known)
    return (Choice(chosen, f"{chosen} (not in this sample)"), *known)


_MEANS: Final = {"trigger": "Open", "resolve": "Over", "acknowledge": "Acknowledged"}


def _words(
    mapping: Mapping[str, str],
    prefix: str,
    short: str,
    known: Sequence[str],
    events: Sequence[Mapping[str, object]],
) -> tuple[WordRow, ...]:
    """A row for each word that is explained, or that stands in a sample where the field is."""
    meant = meanings(mapping, prefix)
    path = mapping.get(short, "")
    seen = words_at(list(events), path) if path else []
    lower = {word.lower() for word in meant}
    words = [*meant, *(word for word in seen if word.lower() not in lower)][:_MOST_ROWS]
    choices = tuple(Choice(str(one), _MEANS.get(one, one.capitalize())) for one in known)
    return tuple(
        WordRow(f"{short}-{number}", word, meant.get(word, ""), choices)
        for number, word in enumerate(words)
    )
