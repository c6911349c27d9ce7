"""Reads of the settings."""

from typing import Final

from django.db import connection
from msgspec import Struct

from evenfall.identity.models import SiteSettings


class Site(Struct, frozen=True, kw_only=True):
    """What administrators set for everybody."""

    site_name: str
    time_zone: str
    language: str
    invitation_days: int
    token_days: int


_COLUMNS: Final = Site.__struct_fields__
_SITE: Final = f"SELECT {', '.join(_COLUMNS)} FROM identity_sitesettings ORDER BY id LIMIT 1"  # noqa: S608 - names of our own columns only


def site() -> Site:
    """The settings of the site; the defaults while nobody changed them.

    By hand: every batch of alerts asks for the time zone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SITE)
        row = cursor.fetchone()
    if row is None:
        defaults = SiteSettings()
        row = [getattr(defaults, name) for name in _COLUMNS]
    return Site(**dict(zip(_COLUMNS, row, strict=True)))
