"""Named reads of paging. They return plain values: a template can issue no SQL."""

from evenfall.paging.queries.audit import Audit, audit
from evenfall.paging.queries.counts import open_counts
from evenfall.paging.queries.naming import names_in
from evenfall.paging.queries.pages import (
    PageView,
    digest_pages,
    open_pages_of,
    page,
    pages_for,
    pages_page,
    people_called,
    why_me,
)
from evenfall.paging.queries.policies import (
    PolicyView,
    VersionView,
    default_policy,
    policies,
    policy,
    policy_names,
    shortest_wait,
    versions,
)
from evenfall.paging.queries.previewing import PreviewLine, preview_policy
from evenfall.paging.queries.reach import reach_flaws
from evenfall.paging.queries.records import (
    PageRecord,
    answered_for,
    page_ids_about,
    page_ids_after,
    page_records,
)
from evenfall.paging.queries.replays import PastPaging, Wanted, past_paging, really_called
from evenfall.paging.queries.rules import has_own_rules, hours_of, rules_of
from evenfall.paging.queries.searches import (
    PolicySearch,
    StepSearch,
    policy_searches,
    services_by_default,
)
from evenfall.paging.queries.story import StoryEntry, page_story

__all__ = [
    "Audit",
    "PageRecord",
    "PageView",
    "PastPaging",
    "PolicySearch",
    "PolicyView",
    "PreviewLine",
    "StepSearch",
    "StoryEntry",
    "VersionView",
    "Wanted",
    "answered_for",
    "audit",
    "default_policy",
    "digest_pages",
    "has_own_rules",
    "hours_of",
    "names_in",
    "open_counts",
    "open_pages_of",
    "page",
    "page_ids_about",
    "page_ids_after",
    "page_records",
    "page_story",
    "pages_for",
    "pages_page",
    "past_paging",
    "people_called",
    "policies",
    "policy",
    "policy_names",
    "policy_searches",
    "preview_policy",
    "reach_flaws",
    "really_called",
    "rules_of",
    "services_by_default",
    "shortest_wait",
    "versions",
    "why_me",
]
