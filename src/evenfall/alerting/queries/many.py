"""Which of many alerts somebody may act on at once."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from evenfall.alerting.models import Alert
from evenfall.alerting.queries.alerts import IS_LIVE, AlertFilter, filtered
from evenfall.identity.permissions import Permission, Viewer

MOST_AT_ONCE: Final = 1000


class Chosen(Struct, frozen=True, kw_only=True):
    """`ids` may be acted on; `refused` are of other teams. `has_more`: more fit the filter."""

    ids: tuple[int, ...]
    refused: int
    has_more: bool


def chosen_alerts(
    viewer: Viewer, *, ids: Collection[int] = (), wanted: AlertFilter | None = None
) -> Chosen:
    """Of these alerts, or of all that fit a filter, the newest that are not over. One query."""
    rows = filtered(wanted) if wanted is not None else Alert.objects.filter(id__in=ids)
    found = list(
        rows.filter(IS_LIVE).order_by("-id").values_list("id", "team_id")[: MOST_AT_ONCE + 1]
    )
    teams = {team_id for _, team_id in found}
    allowed = {team_id for team_id in teams if viewer.can(Permission.RESPOND, team_id=team_id)}
    own = tuple(number for number, team_id in found[:MOST_AT_ONCE] if team_id in allowed)
    return Chosen(
        ids=own,
        refused=min(len(found), MOST_AT_ONCE) - len(own),
        has_more=len(found) > MOST_AT_ONCE,
    )


def common_labels(ids: Collection[int]) -> dict[str, str]:
    """The labels that all of these alerts have with the same value: what a silence could name."""
    rows = Alert.objects.filter(id__in=ids).values_list("labels", flat=True)[:MOST_AT_ONCE]
    pairs = [set(labels.items()) for labels in rows]
    return dict(sorted(set.intersection(*pairs))) if pairs else {}
