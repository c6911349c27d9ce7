"""Named reads of measurements. They return plain values: a template can issue no SQL."""

from evenfall.insights.queries.delivery import (
    DAYS,
    Part,
    Period,
    Report,
    Scope,
    delivery_report,
    period_of,
)
from evenfall.insights.queries.noise import (
    NOISE_DAYS,
    By,
    NoiseReport,
    PartCounts,
    Wanted,
    When,
    noise_parts,
    noise_report,
)
from evenfall.insights.queries.paged import PagedLine, paged_page
from evenfall.insights.queries.proposals import (
    ProposalView,
    check_may_decide,
    effect_weeks,
    may_decide,
    proposal,
    proposal_counts,
    proposals,
)
from evenfall.insights.queries.summary import noise_lines

__all__ = [
    "DAYS",
    "NOISE_DAYS",
    "By",
    "NoiseReport",
    "PagedLine",
    "Part",
    "PartCounts",
    "Period",
    "ProposalView",
    "Report",
    "Scope",
    "Wanted",
    "When",
    "check_may_decide",
    "delivery_report",
    "effect_weeks",
    "may_decide",
    "noise_lines",
    "noise_parts",
    "noise_report",
    "paged_page",
    "period_of",
    "proposal",
    "proposal_counts",
    "proposals",
]
