"""When two incidents may become one."""

from enum import StrEnum

from msgspec import Struct

from evenfall.incidents.logic.states import LIVE, TRANSITIONS, Act, State


class Side(Struct, frozen=True):
    """What the merge rules look at."""

    incident_id: int
    state: State
    environment: str
    is_private: bool = False


class MergeRefusal(StrEnum):
    """Why two incidents stay two; the values are shown to people."""

    SAME = "an incident cannot be merged into itself"
    CHILD_OVER = "only an open or acknowledged incident can be merged into another one"
    TARGET_OVER = "it can only be merged into an incident that somebody works on, or should"
    OTHER_ENVIRONMENT = (
        "they are in different environments, and an environment decides how hard people are paged"
    )
    PRIVATE = "one of them is private, and whoever sees the other one must not learn of it"


def merge_refusal(child: Side, target: Side) -> MergeRefusal | None:
    """Return the first rule that forbids it, None when the child may be merged into the target.

    As a merged incident is never live, a chain or a circle of merges cannot come about.
    """
    if child.incident_id == target.incident_id:
        return MergeRefusal.SAME
    if (child.state, Act.MERGE) not in TRANSITIONS:
        return MergeRefusal.CHILD_OVER
    if target.state not in LIVE:
        return MergeRefusal.TARGET_OVER
    if child.environment != target.environment:
        return MergeRefusal.OTHER_ENVIRONMENT
    if child.is_private != target.is_private:
        return MergeRefusal.PRIVATE
    return None
