"""Check lists while they are worked through."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.runbooks.logic import checklist as logic
from evenfall.runbooks.logic.checklist import Progress, Task
from evenfall.runbooks.models import Tick
from evenfall.runbooks.queries.reading import RunbookView


class Ticked(Struct, frozen=True, kw_only=True):
    """A task that was done, by whom and when."""

    key: str
    by: str
    at: datetime


class Checklist(Struct, frozen=True, kw_only=True):
    """The tasks of a runbook as they stand for one subject, such as "incident:17"."""

    tasks: Sequence[Task]
    ticked: Mapping[str, Ticked]

    @property
    def progress(self) -> Progress:
        return logic.progress(self.tasks, frozenset(self.ticked))


def checklist(runbook: RunbookView, subject: str) -> Checklist:
    """One query, and one for names where something is ticked."""
    rows = list(Tick.objects.filter(runbook_id=runbook.id, subject=subject))
    names = identity_queries.actor_names({row.ticked_by for row in rows})
    ticked = {
        row.key: Ticked(key=row.key, by=names.get(row.ticked_by, "Evenfall"), at=row.ticked_at)
        for row in rows
    }
    return Checklist(tasks=logic.tasks(runbook.text), ticked=ticked)


def to_html(
    text: str, draw: Callable[[Task], str], draw_step: Callable[[str], str] | None = None
) -> str:
    """Return safe HTML; `draw` gives the safe HTML of the box before each task, `draw_step` that
    of the step of a name.
    """
    return logic.to_html(text, draw, draw_step)
