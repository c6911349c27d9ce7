"""The shadow: somebody who learns beside those on call, and never is the only one."""

from datetime import datetime

from evenfall.oncall.logic import layers, tiles
from evenfall.oncall.logic.spec import LayerSpec
from evenfall.oncall.logic.tiles import Paving, Tile

NO_SHADOW = "Nobody learns at this time."
NOBODY_TO_LEARN_FROM = "{} Nobody is on call to learn from."
HAS_A_ROLE = "{} They have another role at this time."


def planned(shadows: tuple[LayerSpec, ...], starts_at: datetime, ends_at: datetime) -> Paving:
    """Who learns when by the layers of shadows; a later one wins."""
    if not shadows:
        return [Tile(starts_at, ends_at, None, NO_SHADOW)]
    return layers.stack(shadows, starts_at, ends_at)


def beside(shadows: Paving, primary: Paving, lieutenants: Paving) -> Paving:
    """The shadows where somebody else is on call; the three pavings cover the same stretch."""
    if all(tile.user_id is None for tile in shadows):
        return shadows  # most rotas have none; this is hot
    allowed = tiles.combine(shadows, primary, _with_primary)
    return tiles.combine(allowed, lieutenants, _apart)


def _with_primary(shadow: Tile, primary: Tile) -> Tile:
    if shadow.user_id is not None and primary.user_id is None:
        return shadow._replace(user_id=None, why=NOBODY_TO_LEARN_FROM.format(shadow.why))
    return _apart(shadow, primary)


def _apart(shadow: Tile, other: Tile) -> Tile:
    if shadow.user_id is None or shadow.user_id != other.user_id:
        return shadow
    return shadow._replace(user_id=None, why=HAS_A_ROLE.format(shadow.why))
