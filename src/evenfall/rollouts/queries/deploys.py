"""How the deploys of a rollout stand."""

from datetime import datetime

from msgspec import Struct

from evenfall.rollouts.logic.states import Deployed
from evenfall.rollouts.models import Deploy


class DeployView(Struct, frozen=True, kw_only=True):
    """`seconds` is what it took, None as long as it lasts and where nothing had to be done."""

    side: str
    version: str
    state: Deployed
    words: str
    asked_at: datetime
    seconds: float | None


def deploys(rollout_id: int) -> list[DeployView]:
    """Those of a rollout, in the order in which they were asked for."""
    rows = Deploy.objects.filter(rollout_id=rollout_id).order_by("asked_at", "id")
    return [_view(row) for row in rows]


def _view(row: Deploy) -> DeployView:
    return DeployView(
        side=row.side,
        version=row.version,
        state=Deployed(row.state),
        words=row.words,
        asked_at=row.asked_at,
        seconds=(row.done_at - row.asked_at).total_seconds() if row.done_at else None,
    )
