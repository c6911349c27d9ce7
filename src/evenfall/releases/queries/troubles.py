"""Live incidents as the gates take them."""

from collections.abc import Collection

from msgspec.structs import replace

from evenfall.catalog.ports import Environment
from evenfall.identity.permissions import Asker, asked_by
from evenfall.incidents import queries as incidents_queries
from evenfall.releases.logic.facts import IncidentFact


def troubles(service_ids: Collection[int]) -> list[tuple[Environment, int, IncidentFact]]:
    """Each live incident of these services with its environment and the service it is about.

    Everybody gets the same answer of a gate, so private ones count; nothing of them is told.
    """
    with asked_by(Asker.SYSTEM):
        found = incidents_queries.live_troubles(service_ids)
    return [
        (
            one.environment,
            service_id,
            IncidentFact(
                id=one.id,
                title="" if one.is_private else one.title,
                severity=int(one.severity.removeprefix("SEV")),
                service="",
                is_own=False,
            ),
        )
        for one in found
        for service_id in sorted(one.service_ids)
    ]


def seen_from(fact: IncidentFact, *, service: str, is_own: bool) -> IncidentFact:
    return replace(fact, service=service, is_own=is_own)
