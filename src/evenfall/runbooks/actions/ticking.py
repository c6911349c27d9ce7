"""Working through a check list."""

from datetime import datetime

from django.db import transaction

from evenfall.platform.events import publish
from evenfall.runbooks import errors, events
from evenfall.runbooks.actions.writing import locked
from evenfall.runbooks.logic import checklist
from evenfall.runbooks.logic.checklist import Task
from evenfall.runbooks.models import Runbook, Tick


@transaction.atomic
def tick(
    *, runbook_id: int, subject: str, key: str, is_done: bool, now: datetime, actor: str
) -> None:
    """Tick a task for this subject, such as "incident:17", or take the tick back.

    Doing it twice changes nothing and tells nobody. Raises `RunbookNotFound`, `TaskNotFound`.
    """
    row = locked(runbook_id)
    tasks = checklist.tasks(row.text)
    task = next((one for one in tasks if one.key == key), None)
    if task is None:
        raise errors.TaskNotFound
    ticks = Tick.objects.filter(subject=subject, runbook=row)
    if ticks.filter(key=key).exists() is is_done:
        return
    if is_done:
        Tick.objects.create(
            subject=subject,
            runbook=row,
            number=row.number,
            key=key,
            ticked_by=actor,
            ticked_at=now,
        )
    else:
        ticks.filter(key=key).delete()
    progress = checklist.progress(tasks, frozenset(ticks.values_list("key", flat=True)))
    publish(_fact(row, task, subject, progress, is_done=is_done, now=now, actor=actor))


def _fact(  # the two facts differ by their class alone
    row: Runbook,
    task: Task,
    subject: str,
    progress: checklist.Progress,
    *,
    is_done: bool,
    now: datetime,
    actor: str,
) -> events.TaskTicked | events.TaskUnticked:
    kind = events.TaskTicked if is_done else events.TaskUnticked
    return kind(
        runbook_id=row.pk,
        title=row.title,
        subject=subject,
        task=task.text,
        done=progress.done,
        total=progress.total,
        at=now,
        actor=actor,
    )
