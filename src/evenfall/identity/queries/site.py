"""Reads of the settings."""

from dataclasses import dataclass

from evenfall.identity.models import SiteSettings


@dataclass(frozen=True, kw_only=True)
class Site:
    """What administrators set for everybody."""

    site_name: str
    time_zone: str
    language: str
    invitation_days: int
    token_days: int


def site() -> Site:
    """The settings of the site; the defaults while nobody changed them."""
    row = SiteSettings.objects.first() or SiteSettings()
    return Site(
        site_name=row.site_name,
        time_zone=row.time_zone,
        language=row.language,
        invitation_days=row.invitation_days,
        token_days=row.token_days,
    )
