"""Everything that changes status pages. Import this module, not its parts."""

from evenfall.statuspages.actions.components import (
    ComponentWish,
    GroupWish,
    add_component,
    add_group,
    change_component,
    change_group,
    move_component,
    remove_component,
    remove_group,
    set_status,
)
from evenfall.statuspages.actions.pages import (
    PageWish,
    change_page,
    create_page,
    remove_page,
    renew_token,
)
from evenfall.statuspages.actions.posts import (
    UpdateWish,
    edit_update,
    post_update,
    retract_post,
    start_post,
)
from evenfall.statuspages.actions.works import (
    ADVANCE,
    WorkWish,
    advance_due_works,
    change_work,
    note_work,
    plan_work,
    step_work,
)

__all__ = [
    "ADVANCE",
    "ComponentWish",
    "GroupWish",
    "PageWish",
    "UpdateWish",
    "WorkWish",
    "add_component",
    "add_group",
    "advance_due_works",
    "change_component",
    "change_group",
    "change_page",
    "change_work",
    "create_page",
    "edit_update",
    "move_component",
    "note_work",
    "plan_work",
    "post_update",
    "remove_component",
    "remove_group",
    "remove_page",
    "renew_token",
    "retract_post",
    "set_status",
    "start_post",
    "step_work",
]
