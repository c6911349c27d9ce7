"""Tables of post-mortems."""

from evenfall.postmortems.models.actions import Action
from evenfall.postmortems.models.attachments import Attachment
from evenfall.postmortems.models.postmortems import (
    Comment,
    Factor,
    MutedWord,
    Postmortem,
    PostmortemFactor,
    Reviewer,
    Section,
    SectionVersion,
)
from evenfall.postmortems.models.sharing import Publication
from evenfall.postmortems.models.templates import TemplateText
from evenfall.postmortems.models.trackers import IssueLink, Tracker

__all__ = [
    "Action",
    "Attachment",
    "Comment",
    "Factor",
    "IssueLink",
    "MutedWord",
    "Postmortem",
    "PostmortemFactor",
    "Publication",
    "Reviewer",
    "Section",
    "SectionVersion",
    "TemplateText",
    "Tracker",
]
