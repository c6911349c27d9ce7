"""When people outside production may be woken."""

from datetime import datetime
from typing import Final

from evenfall.alerting.logic import hours
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries

_WAKES: Final = Environment.PROD


def may_wake(environment: Environment, at: datetime) -> bool:
    """Say whether an environment wakes people at this time: production always does.

    The others do in working hours, Monday to Friday from 9 to 17 in the zone of the site.
    """
    if environment is _WAKES:
        return True
    return hours.working_hours(at, identity_queries.site().time_zone)
