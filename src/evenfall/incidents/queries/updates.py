"""What people were told of an incident."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Update


class TextView(Struct, frozen=True, kw_only=True):
    """What one audience was told; `html` is safe to show."""

    audience: Audience
    text: str
    html: str
    next_update_at: datetime | None


class UpdateView(Struct, frozen=True, kw_only=True):
    """One update with what it said to each audience."""

    id: int
    incident_id: int
    author: str
    actor: str
    draft: str
    severity: str
    state: State
    told_at: datetime
    texts: tuple[TextView, ...]

    def text_for(self, audience: Audience) -> TextView | None:
        return next((one for one in self.texts if one.audience is audience), None)


def updates(incident_id: int, *, limit: int = 100) -> list[UpdateView]:
    """What was told of an incident, newest first. Three queries, however much it was."""
    rows = Update.objects.filter(incident_id=incident_id).order_by("-id")
    return _update_views(rows.prefetch_related("texts")[:limit])


def update(incident_id: int, update_id: int) -> UpdateView:
    """Raises UpdateNotFound."""
    rows = Update.objects.filter(incident_id=incident_id, id=update_id)
    found = _update_views(rows.prefetch_related("texts"))
    if not found:
        raise errors.UpdateNotFound(incident_id=incident_id, update_id=update_id)
    return found[0]


def _update_views(rows: Iterable[Update]) -> list[UpdateView]:
    found = list(rows)
    names = identity_queries.actor_names({row.actor for row in found}) if found else {}
    return [
        UpdateView(
            id=row.pk,
            incident_id=row.incident_id,
            author=names.get(row.actor, row.actor),
            actor=row.actor,
            draft=row.draft,
            severity=row.severity,
            state=State(row.state),
            told_at=row.told_at,
            texts=_texts(row),
        )
        for row in found
    ]


def _texts(row: Update) -> tuple[TextView, ...]:
    found = {Audience(one.audience): one for one in row.texts.all()}
    return tuple(
        TextView(
            audience=audience,
            text=found[audience].text,
            html=found[audience].html,
            next_update_at=found[audience].next_update_at,
        )
        for audience in Audience
        if audience in found
    )
