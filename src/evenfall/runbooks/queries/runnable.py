"""Which runbooks have steps that can be started, for domains that start them by themselves."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef

from evenfall.runbooks.models import Runbook, Step


def runnable_runbooks(ids: Collection[int] | None = None) -> dict[int, str]:
    """Titles of those with at least one step, by title; all, or those of `ids`."""
    steps = Step.objects.filter(runbook_id=OuterRef("id"), removed_at=None)
    rows = Runbook.objects.filter(Exists(steps), archived_at=None)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return dict(rows.order_by("title", "id").values_list("id", "title"))


def runnable_slugs() -> dict[int, str]:
    """The slug of each that can be started."""
    ids = runnable_runbooks().keys()
    return dict(Runbook.objects.filter(id__in=ids).values_list("id", "slug"))


def longest_run(runbook_id: int) -> timedelta:
    """How long a run of all its steps takes at most, with their success tests."""
    steps = Step.objects.filter(runbook_id=runbook_id, removed_at=None)
    limits = steps.values_list("time_limit_s", "test_window_s", "test_kind")
    return timedelta(
        seconds=sum(limit + (window if test != "none" else 0) for limit, window, test in limits)
    )
