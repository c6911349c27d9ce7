"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.releases.forms.reading import KIND_WORDS, hours_text, reach_of, reach_text
from evenfall.releases.forms.releases import (
    DowntimeForm,
    ExceptionForm,
    ReleaseForm,
    release_initial,
)
from evenfall.releases.forms.settings import (
    FreezeForm,
    StageForm,
    StandardForm,
    StopForm,
    WindowForm,
    stage_initial,
    window_initial,
)
from evenfall.releases.forms.trains import TrainForm, train_initial

__all__ = [
    "KIND_WORDS",
    "DowntimeForm",
    "ExceptionForm",
    "FreezeForm",
    "ReleaseForm",
    "StageForm",
    "StandardForm",
    "StopForm",
    "TrainForm",
    "WindowForm",
    "hours_text",
    "reach_of",
    "reach_text",
    "release_initial",
    "stage_initial",
    "train_initial",
    "window_initial",
]
