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
from evenfall.patterns.queries.texts import ReadingState, documents, read_of, reading_state

__all__ = [
    "REPORT_HEADER",
    "MemberView",
    "PartLine",
    "PatternFilters",
    "PatternView",
    "ReadingState",
    "ReleaseLine",
    "SignView",
    "SimilarView",
    "TopPattern",
    "documents",
    "facts",
    "members",
    "pattern",
    "pattern_of",
    "patterns",
    "patterns_page",
    "read_of",
    "reading_state",
    "releases_of",
    "report_rows",
    "signs_of",
    "similar_to",
    "state_counts",
    "top_of_quarter",
    "top_of_release",
]
