"""The sentence at the top of a page, and the formula below its bars."""

from collections.abc import Sequence

from evenfall.statuspages.logic.uptime import Weights
from evenfall.statuspages.logic.words import Status, worst

_ALL = {
    Status.UNKNOWN: "We do not know how our systems are",
    Status.OPERATIONAL: "All systems are operational",
    Status.MAINTENANCE: "Maintenance is under way",
    Status.DEGRADED: "All systems are degraded",
    Status.PARTIAL: "Partial outage of all systems",
    Status.MAJOR: "Major outage of all systems",
}
_SOME = {
    Status.DEGRADED: "Some systems are degraded",
    Status.PARTIAL: "Partial outage of some systems",
    Status.MAJOR: "Major outage of some systems",
}


def overall(statuses: Sequence[Status]) -> tuple[Status, str]:
    """The worst status, and what to say of all components together."""
    if not statuses:
        return Status.UNKNOWN, "Nothing is shown here yet"
    status = worst(list(statuses))
    if all(one is status for one in statuses):
        return status, _ALL[status]
    if status is Status.OPERATIONAL:
        return status, "All systems that we watch are operational"
    return status, _SOME.get(status, _ALL[status])


def formula(weights: Weights, *, counts_maintenance: bool, days: int) -> str:
    """How the figures of a page are made, for whoever wants to check them."""
    parts = (
        ("major outage", weights.major),
        ("partial outage", weights.partial),
        ("degraded", weights.degraded),
    )
    down = " + ".join(f"{float(weight):g} \N{MULTIPLICATION SIGN} {name}" for name, weight in parts)
    if counts_maintenance:
        return (
            f"Uptime of {days} days = 1 \N{MINUS SIGN} ({down} + 1 \N{MULTIPLICATION SIGN} "
            "maintenance) / time with data. Maintenance counts as downtime here; "
            "the second figure leaves it out."
        )
    return (
        f"Uptime of {days} days = 1 \N{MINUS SIGN} ({down}) / (time with data \N{MINUS SIGN} "
        "maintenance). Maintenance is left out here; the second figure counts it as downtime."
    )
