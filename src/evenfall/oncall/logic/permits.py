"""Which overrides are somebody's own business, and which need the manager of the team."""

from evenfall.oncall.logic.spec import OverrideKind


def may_add_alone(kind: OverrideKind, *, user_id: int | None, asker_id: int) -> bool:
    """Whoever takes a duty themself asks nobody; to take others on or off is management."""
    return kind is not OverrideKind.REMOVE and user_id == asker_id


def may_cancel_alone(
    *, user_id: int | None, created_by: str, asker_id: int, asker_actor: str
) -> bool:
    """An override is cancelled by the one who made it or the one who has the duty by it."""
    return asker_id == user_id or created_by == asker_actor
