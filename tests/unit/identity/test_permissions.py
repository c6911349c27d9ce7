import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.identity import errors
from evenfall.identity.permissions import Permission, Role, Viewer, needed_role

roles = st.sampled_from(Role)
permissions = st.sampled_from(Permission)


def make_viewer(
    role: Role = Role.OBSERVER,
    team_roles: dict[int, Role] | None = None,
    scopes: frozenset[Permission] | None = None,
) -> Viewer:
    return Viewer(user_id=1, name="Ada", role=role, team_roles=team_roles or {}, scopes=scopes)


def test_roles_are_ordered_by_trust() -> None:
    assert max(Role) is Role.ADMIN
    assert Role.OBSERVER < Role.STAKEHOLDER < Role.RESPONDER < Role.MANAGER < Role.ADMIN


def test_role_compares_with_plain_text() -> None:
    assert Role.MANAGER >= "responder"
    assert Role.OBSERVER <= "admin"
    assert Role.ADMIN > "observer"


@given(role=roles, permission=permissions)
def test_site_role_decides_without_a_team(role: Role, permission: Permission) -> None:
    assert make_viewer(role).can(permission) == (role.rank >= needed_role(permission).rank)


@given(site=roles, team=roles, permission=permissions)
def test_higher_of_site_and_team_role_counts(
    site: Role, team: Role, permission: Permission
) -> None:
    viewer = make_viewer(site, {7: team})
    assert viewer.can(permission, team_id=7) == (
        make_viewer(site).can(permission) or make_viewer(team).can(permission)
    )


def test_team_role_counts_in_that_team_only() -> None:
    viewer = make_viewer(Role.OBSERVER, {7: Role.MANAGER})
    assert viewer.can(Permission.MANAGE, team_id=7)
    assert not viewer.can(Permission.MANAGE, team_id=8)
    assert not viewer.can(Permission.MANAGE)
    assert viewer.can_somewhere(Permission.MANAGE)


@given(role=roles, permission=permissions, scopes=st.frozensets(permissions))
def test_token_never_does_more_than_its_person(
    role: Role, permission: Permission, scopes: frozenset[Permission]
) -> None:
    token = make_viewer(role, scopes=scopes)
    allowed = make_viewer(role).can(permission) and permission in scopes
    assert token.can(permission) == token.can_somewhere(permission) == allowed


def test_check_names_the_missing_role() -> None:
    with pytest.raises(errors.RoleTooLow, match="needs the role manager"):
        make_viewer(Role.RESPONDER).check(Permission.MANAGE, team_id=7)


def test_check_names_the_missing_scope() -> None:
    with pytest.raises(errors.ScopeMissing, match="lacks the scope respond"):
        make_viewer(Role.ADMIN, scopes=frozenset({Permission.VIEW})).check(Permission.RESPOND)


def test_check_somewhere_lets_team_managers_in() -> None:
    make_viewer(Role.OBSERVER, {7: Role.MANAGER}).check_somewhere(Permission.MANAGE)
    with pytest.raises(errors.RoleTooLow):
        make_viewer(Role.OBSERVER, {7: Role.RESPONDER}).check_somewhere(Permission.MANAGE)


def test_check_passes_in_silence() -> None:
    make_viewer(Role.ADMIN).check(Permission.ADMINISTER)
