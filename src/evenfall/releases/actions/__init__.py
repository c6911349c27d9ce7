"""Everything that writes releases. Import this module, not its parts."""

from evenfall.releases.actions.deploying import (
    Outcome,
    begin_deploy,
    cancel_passage,
    finish_deploy,
    mark_failed,
    mark_proven,
    mark_rolled_back,
)
from evenfall.releases.actions.planning import plan_passage
from evenfall.releases.actions.registering import (
    Need,
    NewRelease,
    change_release,
    ensure_release,
    register_release,
)

__all__ = [
    "Need",
    "NewRelease",
    "Outcome",
    "begin_deploy",
    "cancel_passage",
    "change_release",
    "ensure_release",
    "finish_deploy",
    "mark_failed",
    "mark_proven",
    "mark_rolled_back",
    "plan_passage",
    "register_release",
]
