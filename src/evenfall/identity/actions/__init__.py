"""Everything that changes identity: one keyword-only function for each use case."""

from evenfall.identity.actions.invitations import (
    Newcomer,
    accept_first_admin,
    accept_invitation,
    check_first_admin_link,
    first_admin_link,
    invitation_link,
    invite,
    join_by_invitation,
    read_invitation,
    renew_invitation,
    revoke_invitation,
)
from evenfall.identity.actions.people import (
    change_profile,
    change_role,
    deactivate_user,
    end_sessions,
    forget_dead_sessions,
    reactivate_user,
    record_ended_sessions,
    record_sign_in,
    record_sign_in_change,
)
from evenfall.identity.actions.site import change_settings
from evenfall.identity.actions.teams import (
    change_team,
    create_team,
    delete_team,
    remove_member,
    set_member,
)
from evenfall.identity.actions.tokens import (
    check_scopes,
    create_token,
    revoke_token,
    use_token,
)

__all__ = [
    "Newcomer",
    "accept_first_admin",
    "accept_invitation",
    "change_profile",
    "change_role",
    "change_settings",
    "change_team",
    "check_first_admin_link",
    "check_scopes",
    "create_team",
    "create_token",
    "deactivate_user",
    "delete_team",
    "end_sessions",
    "first_admin_link",
    "forget_dead_sessions",
    "invitation_link",
    "invite",
    "join_by_invitation",
    "reactivate_user",
    "read_invitation",
    "record_ended_sessions",
    "record_sign_in",
    "record_sign_in_change",
    "remove_member",
    "renew_invitation",
    "revoke_invitation",
    "revoke_token",
    "set_member",
    "use_token",
]
