"""Named reads of foresight. They return plain values: a template can issue no SQL."""

from evenfall.foresight.queries.findings import (
    FindingFilter,
    FindingView,
    MendedView,
    finding,
    findings,
    findings_page,
    is_looking,
    last_look,
    may_mend,
    mended_lately,
    offer_of,
    open_findings,
    weights,
)
from evenfall.foresight.queries.forecasts import Standing, compared, forecast, standing
from evenfall.foresight.queries.runs import RunView, run, runs_page

__all__ = [
    "FindingFilter",
    "FindingView",
    "MendedView",
    "RunView",
    "Standing",
    "compared",
    "finding",
    "findings",
    "findings_page",
    "forecast",
    "is_looking",
    "last_look",
    "may_mend",
    "mended_lately",
    "offer_of",
    "open_findings",
    "run",
    "runs_page",
    "standing",
    "weights",
]
