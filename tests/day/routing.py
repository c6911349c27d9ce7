"""How the company routes: written once for us and once, with the same meaning, for the rivals."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tests.day.plan import Firing, Window

KNOWN_BLIPS: Final = ("PodRestarted", "ConnectionsDropped")
"""What mends itself within a minute or two: a ticket, so that somebody looks some day."""
SILENCED: Final = "LegacyImportSlow"
DATACENTRE, HOST = "DatacentreDown", "HostDown"
RULES: Final = (
    ("Development is for the next morning", 'environment == "DEV"', "record"),
    ("Tests that fail are a ticket", 'environment == "UAT" and severity != "critical"', "ticket"),
    ("What mends itself", f"labels.alertname in {list(KNOWN_BLIPS)!r}", "ticket"),
)
LOUD: Final = frozenset({"critical", "error"})
_WORKING_HOURS: Final = range(9, 17)


def pages(labels: Mapping[str, str], severity: str, at: datetime) -> bool:
    """Whether an alert would call somebody if it were alone in the world."""
    if labels["alertname"] in KNOWN_BLIPS or labels["env"] == "DEV":
        return False
    if labels["env"] == "UAT":
        return severity == "critical" and at.weekday() < 5 and at.hour in _WORKING_HOURS
    return severity in LOUD


def is_planned(firing: Firing, at: datetime, windows: tuple[Window, ...]) -> bool:
    """Whether planned work or the silence covers it at this time."""
    service = firing.labels["service"]
    return firing.labels["alertname"] == SILENCED or any(
        window.starts <= at < window.ends and service in window.services for window in windows
    )
