"""Templates as they are now: the newest saved text, or the one in the code."""

from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.postmortems import errors
from evenfall.postmortems.logic import templates as logic
from evenfall.postmortems.logic.templates import Kind, SectionDraft
from evenfall.postmortems.models import TemplateText


class TemplateView(Struct, frozen=True, kw_only=True):
    """`number` is 0 for the text that comes with the product; then nobody saved it."""

    kind: Kind
    label: str
    text: str
    number: int
    saved_by: str
    saved_at: datetime | None

    @property
    def sections(self) -> list[SectionDraft]:
        return logic.sections(self.text)


def templates() -> list[TemplateView]:
    """All four, in the order of their kinds."""
    newest = TemplateText.objects.order_by("kind", "-number").distinct("kind")
    rows = {row.kind: row for row in newest}
    names = identity_queries.actor_names({row.actor for row in rows.values()})
    return [_view(kind, rows.get(kind.value), names) for kind in Kind]


def template(kind: str) -> TemplateView:
    """Raises TemplateNotFound."""
    if kind not in set(Kind):
        raise errors.TemplateNotFound(kind=kind[:20])
    return next(view for view in templates() if view.kind == kind)


class TemplatePreview(Struct, frozen=True, kw_only=True):
    """What a text that nobody saved yet would ask, and what is wrong with it."""

    sections: list[SectionDraft]
    problems: list[str]


def template_preview(text: str) -> TemplatePreview:
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return TemplatePreview(sections=logic.sections(clean), problems=list(logic.problems(clean)))


def _view(kind: Kind, row: TemplateText | None, names: dict[str, str]) -> TemplateView:
    return TemplateView(
        kind=kind,
        label=logic.LABELS[kind],
        text=logic.DEFAULTS[kind] if row is None else row.text,
        number=0 if row is None else row.number,
        saved_by="" if row is None else names.get(row.actor, row.actor),
        saved_at=None if row is None else row.saved_at,
    )
