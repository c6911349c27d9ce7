"""A private incident hides its post-mortem and its actions too."""

from django.db.models import Model, QuerySet

from evenfall.incidents import queries as incidents_queries


def seen[M: Model](rows: QuerySet[M], field: str = "incident_id") -> QuerySet[M]:
    """Leave out what belongs to incidents that whoever asks may not see."""
    return rows.exclude(**{f"{field}__in": incidents_queries.hidden()})
