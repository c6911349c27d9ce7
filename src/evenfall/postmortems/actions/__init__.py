"""What can be done with post-mortems. Every function is keyword-only."""

from evenfall.postmortems.actions.editing import (
    add_comment,
    mute_word,
    save_section,
    save_template,
    unmute_words,
)
from evenfall.postmortems.actions.moving import (
    move_postmortem,
    set_people,
    set_tags_and_factors,
)
from evenfall.postmortems.actions.promising import (
    ActionDraft,
    add_action,
    change_action,
    extend_action,
    move_action,
)
from evenfall.postmortems.actions.reminding import (
    next_reminder_due,
    remind_of_actions,
    remind_of_postmortems,
)
from evenfall.postmortems.actions.starting import start_drafts, start_postmortem

__all__ = [
    "ActionDraft",
    "add_action",
    "add_comment",
    "change_action",
    "extend_action",
    "move_action",
    "move_postmortem",
    "mute_word",
    "next_reminder_due",
    "remind_of_actions",
    "remind_of_postmortems",
    "save_section",
    "save_template",
    "set_people",
    "set_tags_and_factors",
    "start_drafts",
    "start_postmortem",
    "unmute_words",
]
