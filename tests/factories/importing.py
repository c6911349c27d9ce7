"""Exports of other tools for tests: invented, in the shapes that their APIs document."""

from datetime import datetime
from pathlib import Path

from evenfall.identity.models import Team
from evenfall.importing import actions

SAMPLES = Path(__file__).parents[1] / "unit/integrations/exports"


def sample(vendor: str) -> bytes:
    """The export in one JSON file that the tests of this tool share."""
    return (SAMPLES / f"{vendor}.json").read_bytes()


def make_upload(team: Team, *, vendor: str = "pagerduty", now: datetime) -> int:
    """The id of an upload with the sample of this tool, which nobody ran yet."""
    return actions.receive(
        vendor=vendor,
        team_id=team.id,
        file_name="export.json",
        body=sample(vendor),
        now=now,
        actor="system",
    )
