"""What can be done with post-mortems. Every function is keyword-only."""

from evenfall.postmortems.actions.attaching import (
    FILE_SIZE,
    MOST_FILES,
    attach_files,
    remove_attachment,
    share_attachment,
)
from evenfall.postmortems.actions.commenting import add_comment, resolve_comment
from evenfall.postmortems.actions.editing import (
    mute_word,
    save_section,
    save_template,
    unmute_words,
)
from evenfall.postmortems.actions.issues import (
    create_issue,
    keep_action,
    keep_issue,
    link_issue,
    look_at_issue,
    unlink_issue,
)
from evenfall.postmortems.actions.mirroring import Mirrored, mirror_issues
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
from evenfall.postmortems.actions.recurring import reopen_after_recurrence
from evenfall.postmortems.actions.reminding import (
    next_reminder_due,
    remind_of_actions,
    remind_of_postmortems,
)
from evenfall.postmortems.actions.sharing import save_publication
from evenfall.postmortems.actions.starting import start_drafts, start_postmortem
from evenfall.postmortems.actions.trackers import (
    MIRROR,
    add_tracker,
    change_tracker,
    hear_of_issue,
    remove_tracker,
    switch_tracker,
)

__all__ = [
    "FILE_SIZE",
    "MIRROR",
    "MOST_FILES",
    "ActionDraft",
    "Mirrored",
    "add_action",
    "add_comment",
    "add_tracker",
    "attach_files",
    "change_action",
    "change_tracker",
    "create_issue",
    "extend_action",
    "hear_of_issue",
    "keep_action",
    "keep_issue",
    "link_issue",
    "look_at_issue",
    "mirror_issues",
    "move_action",
    "move_postmortem",
    "mute_word",
    "next_reminder_due",
    "remind_of_actions",
    "remind_of_postmortems",
    "remove_attachment",
    "remove_tracker",
    "reopen_after_recurrence",
    "resolve_comment",
    "save_publication",
    "save_section",
    "save_template",
    "set_people",
    "set_tags_and_factors",
    "share_attachment",
    "start_drafts",
    "start_postmortem",
    "switch_tracker",
    "unlink_issue",
    "unmute_words",
]
