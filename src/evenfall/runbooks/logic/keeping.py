"""Keeping in step with a folder: what an import would do to each runbook, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evenfall.runbooks.logic.documents import Document
from evenfall.runbooks.logic.merging import merge


class Step(StrEnum):
    """What happens to one runbook."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLASH = "clash"
    """Edited here and in the folder at the same place: left alone, somebody must decide."""
    REMOVED = "removed"
    """It is in the folder no more; archived only when somebody says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A runbook of this folder as it stands: as last imported, and as it is now."""

    runbook_id: int
    slug: str
    path: str
    imported_title: str
    imported_tags: tuple[str, ...]
    imported_text: str
    title: str
    tags: tuple[str, ...]
    text: str
    is_archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One line of the report. `title`, `tags` and `text` are what would be saved."""

    step: Step
    path: str
    title: str
    tags: tuple[str, ...] = ()
    text: str = ""
    why: str = ""
    known: Known | None = None
    document: Document | None = None


def plan(documents: Iterable[Document], known: Sequence[Known]) -> tuple[Planned, ...]:
    """Compare a folder with what was imported from it before; archived runbooks come back."""
    by_path = {one.path: one for one in known}
    steps = [_one(document, by_path.pop(document.path, None)) for document in documents]
    gone = [one for one in by_path.values() if not one.is_archived]
    steps += [Planned(step=Step.REMOVED, path=one.path, title=one.title, known=one) for one in gone]
    return tuple(sorted(steps, key=lambda one: one.path))


def _one(document: Document, known: Known | None) -> Planned:
    if known is None:
        return _planned(Step.ADDED, document, None, document.text)
    before = (known.imported_title, known.imported_tags, known.imported_text)
    if (document.title, document.tags, document.text) == before and not known.is_archived:
        return _planned(Step.UNCHANGED, document, known, known.text)
    both = merge(known.imported_text, known.text, document.text)
    if both.clashes:
        why = "It was edited here too, at the same place. Edit it here until it says what both say."
        return _planned(Step.CLASH, document, known, known.text, why)
    edited = known.imported_text not in {known.text, document.text}
    why = "Put together with what was edited here." if edited else ""
    return _planned(Step.CHANGED, document, known, both.text, why)


def _planned(
    step: Step, document: Document, known: Known | None, text: str, why: str = ""
) -> Planned:
    return Planned(
        step=step,
        path=document.path,
        title=document.title,
        tags=document.tags,
        text=text,
        why=why,
        known=known,
        document=document,
    )
