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
from evenfall.statuspages.actions.confirming import (
    FIRST_PROMISE,
    change_prepared,
    drop_prepared,
    publish_as_prepared,
    publish_prepared,
)
from evenfall.statuspages.actions.copies import (
    COPY,
    CopyWish,
    add_copy,
    change_copy,
    remove_copy,
    store_due_copies,
    store_now,
)
from evenfall.statuspages.actions.looks import LOGO_SIZE, LookWish, change_logo, change_look
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
from evenfall.statuspages.actions.preparing import follow_incidents
from evenfall.statuspages.actions.refreshing import refresh_posts_of
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
    "COPY",
    "FIRST_PROMISE",
    "LOGO_SIZE",
    "ComponentWish",
    "CopyWish",
    "GroupWish",
    "LookWish",
    "PageWish",
    "UpdateWish",
    "WorkWish",
    "add_component",
    "add_copy",
    "add_group",
    "advance_due_works",
    "change_component",
    "change_copy",
    "change_group",
    "change_logo",
    "change_look",
    "change_page",
    "change_prepared",
    "change_work",
    "create_page",
    "drop_prepared",
    "edit_update",
    "follow_incidents",
    "move_component",
    "note_work",
    "plan_work",
    "post_update",
    "publish_as_prepared",
    "publish_prepared",
    "refresh_posts_of",
    "remove_component",
    "remove_copy",
    "remove_group",
    "remove_page",
    "renew_token",
    "retract_post",
    "set_status",
    "start_post",
    "step_work",
    "store_due_copies",
    "store_now",
]
