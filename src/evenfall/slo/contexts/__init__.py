"""What the pages of objectives show. Import this module, not its parts."""

from evenfall.slo.contexts.details import (
    Measured,
    SpendingView,
    StateChange,
    measured,
    series_names,
    spending,
    states_of,
)
from evenfall.slo.contexts.drafts import DraftPicture, draft_picture
from evenfall.slo.contexts.lists import (
    STATE_NAMES,
    Line,
    bar_of,
    filters_of,
    lines,
    manager_of,
    number,
    percent_words,
    target_words,
    window_words,
)
from evenfall.slo.contexts.pictures import BurnPicture, DayRow, Pictures, burns, days, pictures

__all__ = [
    "STATE_NAMES",
    "BurnPicture",
    "DayRow",
    "DraftPicture",
    "Line",
    "Measured",
    "Pictures",
    "SpendingView",
    "StateChange",
    "bar_of",
    "burns",
    "days",
    "draft_picture",
    "filters_of",
    "lines",
    "manager_of",
    "measured",
    "number",
    "percent_words",
    "pictures",
    "series_names",
    "spending",
    "states_of",
    "target_words",
    "window_words",
]
