"""The lieutenant: the standing backup, who is never the same person as the primary."""

from datetime import datetime

from evenfall.oncall.logic import layers, tiles
from evenfall.oncall.logic.rest import Tired
from evenfall.oncall.logic.rotation import Turn
from evenfall.oncall.logic.spec import LieutenantKind, LieutenantRule
from evenfall.oncall.logic.tiles import Paving, Tile

NO_LIEUTENANT = "The rule of the rota names no lieutenant."
REASONS = {
    LieutenantKind.PREVIOUS: "Lieutenant, because previous in the order of {}.",
    LieutenantKind.NEXT: "Lieutenant, because next in the order of {}.",
    LieutenantKind.PERSON: "Lieutenant, because named by the rule, in {}.",
}
RESTS = "{} The planned lieutenant had the shift before, so the next in line stands in."
STANDS_IN = "{} The planned lieutenant is the primary, so the next in line stands in."
ALONE = "{} The planned lieutenant is the primary, and nobody else is in line."


def planned(
    rule: LieutenantRule,
    primary: Paving,
    starts_at: datetime,
    ends_at: datetime,
    tired: Tired,
) -> Paving:
    """The lieutenants by the rule. `primary` is the planned paving, before any override.

    `tired` says who had the shift before, by what really was.
    """
    if rule.kind is LieutenantKind.OWN_SEQUENCE:
        stacked = layers.stack(rule.layers, starts_at, ends_at)
        line = [t._replace(standins=t.turn.others(1)) if t.turn else t for t in stacked]
    else:
        line = [_beside(rule, tile) for tile in primary]
    if not rule.spares_previous:
        return line
    return tiles.combine(line, primary, lambda mine, other: _rested(mine, other, tired(other)))


def beside_primary(lieutenants: Paving, primary: Paving) -> Paving:
    """The lieutenants with the next in line wherever the planned one is the primary."""
    return tiles.combine(lieutenants, primary, _other_than)


def _beside(rule: LieutenantRule, primary: Tile) -> Tile:
    """The tile for the lieutenant of one tile of the primary.

    Previous and next walk the order of the running shift, not the shifts before and after it: a
    change of members from a later date must not change the lieutenant of today, and somebody who
    has left must not come back.
    """
    if primary.turn is None or rule.kind is LieutenantKind.NOBODY:
        return Tile(primary.starts_at, primary.ends_at, None, NO_LIEUTENANT)
    line = _line(rule, primary.turn)
    why = REASONS[rule.kind].format(primary.turn.shift)
    person = line[0] if line else None
    return Tile(primary.starts_at, primary.ends_at, person, why, primary.turn, line[1:])


def _line(rule: LieutenantRule, turn: Turn) -> tuple[int, ...]:
    """Who could be lieutenant beside this turn, best first."""
    if rule.kind is LieutenantKind.PERSON:
        return () if rule.user_id is None else (rule.user_id,)
    return turn.others(-1 if rule.kind is LieutenantKind.PREVIOUS else 1)


def _rested(lieutenant: Tile, primary: Tile, tired: int | None) -> Tile:
    """The tile with whoever had the shift before last in line; alone in line they stay.

    A lieutenant who is tired is better than none.
    """
    standins = tuple(i for i in lieutenant.standins if i != tired)
    if tired is None or lieutenant.user_id is None:
        return lieutenant
    fit = tuple(i for i in standins if i != primary.user_id)
    if lieutenant.user_id != tired or not fit:
        last = (tired,) if tired in lieutenant.standins else ()
        return lieutenant._replace(standins=standins + last)
    first, *others = fit
    why = RESTS.format(lieutenant.why)
    return lieutenant._replace(user_id=first, why=why, standins=(*others, tired))


def _other_than(lieutenant: Tile, primary: Tile) -> Tile:
    if lieutenant.user_id is None or lieutenant.user_id != primary.user_id:
        return lieutenant
    for user_id in lieutenant.standins:
        if user_id != primary.user_id:
            return lieutenant._replace(user_id=user_id, why=STANDS_IN.format(lieutenant.why))
    return lieutenant._replace(user_id=None, why=ALONE.format(lieutenant.why))
