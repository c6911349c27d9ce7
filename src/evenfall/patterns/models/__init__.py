"""Tables of patterns. Rows are written by `actions` only; times are UTC."""

from evenfall.patterns.models.patterns import Member, Pattern, PatternSign
from evenfall.patterns.models.traits import (
    Feature,
    IncidentTraits,
    Neighbour,
    Pair,
    Reading,
    WordUse,
)

__all__ = [
    "Feature",
    "IncidentTraits",
    "Member",
    "Neighbour",
    "Pair",
    "Pattern",
    "PatternSign",
    "Reading",
    "WordUse",
]
