"""Named reads of status pages. They return plain values. Import this module, not its parts."""

from evenfall.statuspages.queries.content import (
    Block,
    ComponentView,
    PageContent,
    content,
)
from evenfall.statuspages.queries.copies import CopyView, copies, copy
from evenfall.statuspages.queries.documents import TYPES as DOCUMENT_TYPES
from evenfall.statuspages.queries.documents import SiteOf, document
from evenfall.statuspages.queries.feeds import FeedEntry, feed_entries
from evenfall.statuspages.queries.looks import Logo, LookView, logo, look, slug_of_domain
from evenfall.statuspages.queries.pages import (
    Gate,
    GroupView,
    PageView,
    Part,
    gate,
    group,
    groups,
    opens,
    page,
    pages,
    part,
    parts,
    suggested,
)
from evenfall.statuspages.queries.sites import Site, live_site
from evenfall.statuspages.queries.told import (
    EditView,
    NoteView,
    PostView,
    UpdateView,
    WorkView,
    edits,
    post,
    posts_of_incident,
    posts_page,
    work,
    works_page,
)

__all__ = [
    "DOCUMENT_TYPES",
    "Block",
    "ComponentView",
    "CopyView",
    "EditView",
    "FeedEntry",
    "Gate",
    "GroupView",
    "Logo",
    "LookView",
    "NoteView",
    "PageContent",
    "PageView",
    "Part",
    "PostView",
    "Site",
    "SiteOf",
    "UpdateView",
    "WorkView",
    "content",
    "copies",
    "copy",
    "document",
    "edits",
    "feed_entries",
    "gate",
    "group",
    "groups",
    "live_site",
    "logo",
    "look",
    "opens",
    "page",
    "pages",
    "part",
    "parts",
    "post",
    "posts_of_incident",
    "posts_page",
    "slug_of_domain",
    "suggested",
    "work",
    "works_page",
]
