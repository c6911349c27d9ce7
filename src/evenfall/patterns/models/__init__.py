"""Tables of patterns. Rows are written by `actions` only; times are UTC."""

from evenfall.patterns.models.patterns import Member, Pattern, PatternSign
from evenfall.patterns.models.traits import Feature, IncidentTraits, Pair, WordUse

__all__ = [
    "Feature",
    "IncidentTraits",
    "Member",
    "Pair",
    "Pattern",
    "PatternSign",
    "WordUse",
]
