"""The settings that administrators change at run time."""

from datetime import datetime
from typing import Any

from django.db import transaction

from evenfall.identity import errors, events
from evenfall.identity.actions import checks
from evenfall.identity.models import SiteSettings, as_dict
from evenfall.platform.events import publish

_FIELDS = ("site_name", "time_zone", "language", "invitation_days", "token_days")
_DAYS = {"invitation_days": range(1, 91), "token_days": range(1, 3651)}


@transaction.atomic
def change_settings(  # one form, one action
    *,
    site_name: str,
    time_zone: str,
    language: str,
    invitation_days: int,
    token_days: int,
    now: datetime,
    actor: str,
) -> None:
    """Change the settings of the site. Zone and language are the defaults of newcomers.

    Raises `NameMissing`, `UnknownTimeZone`, `UnknownLanguage` and `DaysOutOfRange`.
    """
    row = lock_site()
    before = as_dict(row, *_FIELDS)
    after: dict[str, Any] = {
        "site_name": checks.clean_name(site_name)[:80],
        "time_zone": checks.clean_zone(time_zone),
        "language": checks.clean_language(language),
        "invitation_days": _days("invitation_days", invitation_days),
        "token_days": _days("token_days", token_days),
    }
    if before == after:
        return
    for name, value in after.items():
        setattr(row, name, value)
    row.save()
    publish(events.SettingsChanged(before=before, after=after, at=now, actor=actor))


def lock_site() -> SiteSettings:
    """Return the one row, made when it was missing, locked until the transaction ends."""
    SiteSettings.objects.get_or_create(id=1)
    return SiteSettings.objects.select_for_update().get(id=1)


def _days(field: str, days: int) -> int:
    allowed = _DAYS[field]
    if days not in allowed:
        raise errors.DaysOutOfRange(field=field, least=allowed[0], most=allowed[-1])
    return days
