"""Exports of other tools for tests: invented, in the shapes that their APIs document."""

from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "unit/integrations/exports"


def sample(vendor: str) -> bytes:
    """The export in one JSON file that the tests of this tool share."""
    return (SAMPLES / f"{vendor}.json").read_bytes()
