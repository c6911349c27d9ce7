"""Named reads of patterns. Import this module, not its parts."""

from evenfall.patterns.queries.facts import facts
from evenfall.patterns.queries.patterns import (
    MemberView,
    PatternFilters,
    PatternView,
    SignView,
    members,
    pattern,
    pattern_of,
    patterns,
    patterns_page,
    signs_of,
    state_counts,
)
from evenfall.patterns.queries.reports import HEADER as REPORT_HEADER
from evenfall.patterns.queries.reports import (
    ReleaseLine,
    TopPattern,
    releases_of,
    report_rows,
    top_of_quarter,
    top_of_release,
)
from evenfall.patterns.queries.similar import PartLine, SimilarView, similar_to

__all__ = [
    "REPORT_HEADER",
    "MemberView",
    "PartLine",
    "PatternFilters",
    "PatternView",
    "ReleaseLine",
    "SignView",
    "SimilarView",
    "TopPattern",
    "facts",
    "members",
    "pattern",
    "pattern_of",
    "patterns",
    "patterns_page",
    "releases_of",
    "report_rows",
    "signs_of",
    "similar_to",
    "state_counts",
    "top_of_quarter",
    "top_of_release",
]
