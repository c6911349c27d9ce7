"""What can be done with measurements. Import this module, not its parts."""

from evenfall.telemetry.actions.reading import (
    check_query,
    fill_query,
    read_metrics,
    try_source,
)
from evenfall.telemetry.actions.sources import (
    SourceWish,
    add_source,
    change_source,
    remove_source,
)

__all__ = [
    "SourceWish",
    "add_source",
    "change_source",
    "check_query",
    "fill_query",
    "read_metrics",
    "remove_source",
    "try_source",
]
