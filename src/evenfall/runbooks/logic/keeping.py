"""Keeping in step with a folder: what an import would do to each runbook, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

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


class Known(Struct, frozen=True, kw_only=True):
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


class Planned(Struct, frozen=True, kw_only=True):
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
    """Compare a folder with what was imported from it before; archived runbooks come back.

    A new file with the text of one that is gone is that file under another name: its runbook stays.
    """
    found = tuple(documents)
    by_path = {one.path: one for one in known}
    moved = _moved(found, by_path)
    pairs = [(one, by_path.pop(moved.get(one.path, one.path), None)) for one in found]
    steps = [_one(document, before) for document, before in pairs]
    gone = [one for one in by_path.values() if not one.is_archived]
    steps += [Planned(step=Step.REMOVED, path=one.path, title=one.title, known=one) for one in gone]
    return tuple(sorted(steps, key=lambda one: one.path))


def _moved(documents: Sequence[Document], by_path: Mapping[str, Known]) -> dict[str, str]:
    """From the new path to the old one; a text that several share moves nowhere."""
    paths = {one.path for one in documents}
    new = [one for one in documents if one.path not in by_path and one.text]
    gone = [one for one in by_path.values() if one.path not in paths and not one.is_archived]
    alike = Counter([one.text for one in new])
    old = Counter([one.imported_text for one in gone])
    was = {one.imported_text: one.path for one in gone if old[one.imported_text] == 1}
    return {one.path: was[one.text] for one in new if one.text in was and alike[one.text] == 1}


def _one(document: Document, known: Known | None) -> Planned:
    if known is None:
        return _planned(Step.ADDED, document, None, document.text)
    before = (known.imported_title, known.imported_tags, known.imported_text)
    if (document.title, document.tags, document.text) == before and not known.is_archived:
        return _planned(Step.UNCHANGED, document, known, known.text, _was_at(document, known))
    both = merge(known.imported_text, known.text, document.text)
    if both.clashes:
        why = "It was edited here too, at the same place. Edit it here until it says what both say."
        return _planned(Step.CLASH, document, known, known.text, why)
    edited = known.imported_text not in {known.text, document.text}
    why = "Put together with what was edited here." if edited else _was_at(document, known)
    return _planned(Step.CHANGED, document, known, both.text, why)


def _was_at(document: Document, known: Known) -> str:
    return f"It was at {known.path}." if known.path != document.path else ""


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
