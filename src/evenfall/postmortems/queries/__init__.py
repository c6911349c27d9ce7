"""Named reads of post-mortems. Import this module, not its parts."""

from evenfall.postmortems.queries.actions import (
    ActionFilters,
    ActionReport,
    ActionView,
    Whose,
    action,
    action_report,
    actions_of,
    actions_page,
)
from evenfall.postmortems.queries.editing import (
    Clash,
    VersionView,
    clash,
    muted_words,
    section,
    section_hints,
    versions,
)
from evenfall.postmortems.queries.export import as_html, as_markdown
from evenfall.postmortems.queries.facts import incident_facts, responder_ids
from evenfall.postmortems.queries.postmortems import (
    CommentView,
    LibraryFilters,
    PostmortemView,
    SectionView,
    comments,
    factor_names,
    library,
    postmortem,
    postmortem_of,
    sections,
    similar_factors,
)
from evenfall.postmortems.queries.templates import TemplateView, template, templates

__all__ = [
    "ActionFilters",
    "ActionReport",
    "ActionView",
    "Clash",
    "CommentView",
    "LibraryFilters",
    "PostmortemView",
    "SectionView",
    "TemplateView",
    "VersionView",
    "Whose",
    "action",
    "action_report",
    "actions_of",
    "actions_page",
    "as_html",
    "as_markdown",
    "clash",
    "comments",
    "factor_names",
    "incident_facts",
    "library",
    "muted_words",
    "postmortem",
    "postmortem_of",
    "responder_ids",
    "section",
    "section_hints",
    "sections",
    "similar_factors",
    "template",
    "templates",
    "versions",
]
