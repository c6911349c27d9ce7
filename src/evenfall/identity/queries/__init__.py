"""Named reads of identity. They return plain values: a template can issue no SQL."""

from evenfall.identity.queries.audit import (
    AuditFilter,
    AuditLine,
    audit,
    audit_record,
    audited_domains,
    whole_audit,
)
from evenfall.identity.queries.invitations import InvitationView, invitation, open_invitations
from evenfall.identity.queries.people import (
    Person,
    active_people,
    all_people,
    find_people,
    has_administrator,
    people,
    people_page,
    people_views,
    person,
    person_by_email,
)
from evenfall.identity.queries.site import Site, site
from evenfall.identity.queries.teams import (
    Member,
    TeamView,
    find_teams,
    team,
    team_by_slug,
    team_ids_of,
    team_leads,
    team_members,
    teams,
    teams_with_counts,
)
from evenfall.identity.queries.tokens import TokenView, all_tokens, tokens_of
from evenfall.identity.queries.viewers import actor_names, viewer_of_user

__all__ = [
    "AuditFilter",
    "AuditLine",
    "InvitationView",
    "Member",
    "Person",
    "Site",
    "TeamView",
    "TokenView",
    "active_people",
    "actor_names",
    "all_people",
    "all_tokens",
    "audit",
    "audit_record",
    "audited_domains",
    "find_people",
    "find_teams",
    "has_administrator",
    "invitation",
    "open_invitations",
    "people",
    "people_page",
    "people_views",
    "person",
    "person_by_email",
    "site",
    "team",
    "team_by_slug",
    "team_ids_of",
    "team_leads",
    "team_members",
    "teams",
    "teams_with_counts",
    "tokens_of",
    "viewer_of_user",
    "whole_audit",
]
