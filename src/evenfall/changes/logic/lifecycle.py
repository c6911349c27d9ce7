"""How a deploy goes on: what a late or repeated report may still change."""

from evenfall.changes.logic.words import DeployState

_RANK = {DeployState.STARTED: 0, DeployState.FAILED: 1, DeployState.FINISHED: 2}


def follows(before: DeployState, told: DeployState) -> bool:
    """Whether a report moves a deploy on.

    Reports come twice and in any order. What ended does not start again; a failed one may still
    succeed, since pipelines try again; one that arrived does not fail afterwards: whether it did
    harm is for people to say.
    """
    return _RANK[told] > _RANK[before]
