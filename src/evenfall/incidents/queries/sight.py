"""Who sees a private incident.

Named are: who was added or called for it, who answered it or has or had a role in it, who leads its
team, and administrators. Reads on behalf of anybody else find nothing of it, not even its number.
Every query of this package starts from `seen`; domains above leave out what is `hidden`.
"""

from collections.abc import Collection, Iterable

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Asker, Role, Viewer, who_asks
from evenfall.incidents.models import Incident, Insider, RoleAssignment


def seen(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Leave out the private incidents that whoever asks may not see."""
    asker = who_asks()
    return rows if sees_all() else rows.filter(Q(is_private=False) | _named(asker))


def hidden() -> QuerySet[Incident, int]:
    """Return the ids of what whoever asks may not see, to be left out by another query."""
    asker = who_asks()
    private = Incident.objects.filter(is_private=True)
    rows = Incident.objects.none() if sees_all() else private.exclude(_named(asker))
    return rows.values_list("id", flat=True)


def hidden_names() -> QuerySet[Incident, str]:
    """Return the subjects of what whoever asks may not see, to be left out by another query."""
    name = Concat(Value("incident:"), Cast("id", CharField()))
    return hidden().values_list(name, flat=True)


def hidden_subjects() -> frozenset[str]:
    """Return how the journal names what whoever asks may not see."""
    return frozenset(f"incident:{number}" for number in hidden())


def sees_all() -> bool:
    """Whether nothing is private for whoever asks."""
    asker = who_asks()
    if isinstance(asker, Viewer):
        return asker.role >= Role.ADMIN
    return asker is Asker.SYSTEM


def _named(asker: Viewer | Asker) -> Q:
    if not isinstance(asker, Viewer):
        return Q(pk__in=[])
    user_id = asker.user_id
    answered = Q(acknowledged_by=user_id) | Q(mobilised_by=user_id) | Q(resolved_by=user_id)
    leads = [team for team, role in asker.team_roles.items() if role >= Role.MANAGER]
    added = Insider.objects.filter(incident=OuterRef("pk"), user=user_id)
    crew = RoleAssignment.objects.filter(incident=OuterRef("pk"), user=user_id)
    return answered | Q(team_id__in=leads) | Exists(added) | Exists(crew)


def unseen(incident_ids: Collection[int]) -> set[int]:
    """Those of these that whoever asks may not see; no query for none."""
    return set(hidden().filter(id__in=incident_ids)) if incident_ids else set()


def insiders(incidents: Iterable[Incident]) -> dict[int, frozenset[int]]:
    """Return who may see each of the private ones among these, by user id; four queries at most.

    The other way round than `seen`, which asks for one person: these are all people of each.
    """
    private = [row for row in incidents if row.is_private]
    if not private:
        return {}
    leads = identity_queries.team_people({row.team_id for row in private if row.team_id})
    admins = set(identity_queries.administrators())
    found: dict[int, set[int]] = {}
    for row in private:
        team = leads.get(row.team_id or 0)
        answered = (row.acknowledged_by_id, row.mobilised_by_id, row.resolved_by_id)
        found[row.pk] = admins | set(team.lead_ids if team else ())
        found[row.pk] |= {number for number in answered if number is not None}
    for model in (Insider, RoleAssignment):
        rows = model.objects.filter(incident_id__in=found)
        for number, user_id in rows.values_list("incident_id", "user_id"):
            found[number].add(user_id)
    return {number: frozenset(people) for number, people in found.items()}
