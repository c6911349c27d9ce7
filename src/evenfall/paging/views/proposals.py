"""A policy that somebody is writing, as a change nobody saved yet."""

from django.http import QueryDict

from evenfall.identity.permissions import Permission, Viewer
from evenfall.paging import actions, queries
from evenfall.paging.contexts import policies as contexts
from evenfall.paging.forms import Editor
from evenfall.paging.ports import PolicyChange
from evenfall.platform.forms import require_valid


def policy_change(data: QueryDict, policy_id: int | None, viewer: Viewer) -> PolicyChange:
    """Raises Forbidden, PolicyNotFound, NotFilledIn, PolicyInvalid."""
    shown = None if policy_id is None else queries.policy(policy_id)
    if shown is not None:
        viewer.check(Permission.MANAGE, team_id=shown.team_id)
    copied = data.copy()
    if not copied.get("name", "").strip():
        copied["name"] = shown.name if shown else "What if"
    editor = Editor.posted(copied, contexts.chooseable(viewer))
    require_valid(editor.policy, *editor.steps)
    spec = editor.spec()
    actions.check_policy(spec, None)
    owner = editor.policy.cleaned_data["team_id"]
    # nothing pages by a policy that is new: the answer is for the team that would own it
    teams = frozenset({owner}) if shown is None and owner is not None else frozenset[int]()
    return PolicyChange(spec=spec, policy_id=policy_id, team_ids=teams)
