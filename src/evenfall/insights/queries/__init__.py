"""Named reads of measurements. Nothing here changes anything."""

from evenfall.insights.queries.delivery import (
    DAYS,
    Part,
    Period,
    Report,
    Scope,
    delivery_report,
    period_of,
)

__all__ = [
    "DAYS",
    "Part",
    "Period",
    "Report",
    "Scope",
    "delivery_report",
    "period_of",
]
