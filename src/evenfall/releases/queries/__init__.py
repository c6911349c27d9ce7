"""Named reads of releases. Import this module, not its parts."""

from evenfall.releases.queries.stages import StageView, stage_named, stages_of
from evenfall.releases.queries.versions import (
    PassageView,
    ReleaseView,
    deploying_version,
    last_proven,
    passage,
    passages_of,
    release,
    release_by_version,
    running,
    running_version,
)

__all__ = [
    "PassageView",
    "ReleaseView",
    "StageView",
    "deploying_version",
    "last_proven",
    "passage",
    "passages_of",
    "release",
    "release_by_version",
    "running",
    "running_version",
    "stage_named",
    "stages_of",
]
