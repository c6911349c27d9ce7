"""Tables of post-mortems."""

from evenfall.postmortems.models.actions import Action
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
from evenfall.postmortems.models.templates import TemplateText

__all__ = [
    "Action",
    "Comment",
    "Factor",
    "MutedWord",
    "Postmortem",
    "PostmortemFactor",
    "Reviewer",
    "Section",
    "SectionVersion",
    "TemplateText",
]
