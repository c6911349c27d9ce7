"""A rota that somebody is writing, as a change nobody saved yet."""

from django.http import QueryDict

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import forms, queries
from evenfall.oncall.ports import RotaChange
from evenfall.platform.forms import require_valid


def rota_change(data: QueryDict, rota_id: int | None, viewer: Viewer) -> RotaChange:
    """Raises Forbidden, RotaNotFound, NotFilledIn."""
    if rota_id is not None:
        viewer.check(Permission.MANAGE, team_id=queries.rota(rota_id).team_id)
    people = identity_queries.active_people()
    teams = () if rota_id is not None else identity_queries.teams()
    editor = forms.RotaEditor.posted(data, forms.Choosable(people=people, teams=teams))
    editor.is_valid()  # beside each form alone, whether they fit together
    require_valid(editor.rota, *(form for layer in editor.layers for form in layer.forms()))
    return RotaChange(rota_id=rota_id, plan=editor.plan())
