"""Overrides: what a person decided for a stretch of time."""

from zoneinfo import ZoneInfo

from evenfall.oncall.logic import tiles
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec, Role
from evenfall.oncall.logic.tiles import Paving, Tile
from evenfall.platform.wall_clock import reading, spoken

EFFECTS = {
    OverrideKind.REPLACE: "takes over",
    OverrideKind.ADD: "fills a gap",
    OverrideKind.REMOVE: "taken off",
}


def apply(
    paving: Paving, overrides: tuple[OverrideSpec, ...], role: Role, zone: ZoneInfo
) -> Paving:
    """The paving after the overrides of this role, one after the other.

    `zone` is the one whose times the reasons show.
    """
    for override in overrides:
        if override.role is role and _touches(override, paving):
            paving = _apply_one(paving, override, _reason(override, zone))
    return paving


def _apply_one(paving: Paving, override: OverrideSpec, why: str) -> Paving:
    def change(tile: Tile) -> Tile:
        if not _concerns(override, tile):
            return tile
        standins = tile.standins if tile.user_id is None else (tile.user_id, *tile.standins)
        return tile._replace(user_id=override.user_id, why=why, standins=standins)

    return tiles.repaint(paving, override.starts_at, override.ends_at, change)


def _touches(override: OverrideSpec, paving: Paving) -> bool:
    return bool(
        paving
        and override.starts_at < paving[-1].ends_at
        and paving[0].starts_at < override.ends_at
    )


def _concerns(override: OverrideSpec, tile: Tile) -> bool:
    if override.kind is OverrideKind.ADD:
        return tile.user_id is None
    if override.kind is OverrideKind.REMOVE and tile.user_id is None:
        return False
    return override.instead_of in {None, tile.user_id}


def _reason(override: OverrideSpec, zone: ZoneInfo) -> str:
    """Names the times of the override, so that no two overrides have the same reason."""
    starts, ends = (spoken(reading(at, zone)) for at in (override.starts_at, override.ends_at))
    note = f" ({override.note})" if override.note else ""
    return f"Override from {starts} until {ends} {zone}: {EFFECTS[override.kind]}{note}."
