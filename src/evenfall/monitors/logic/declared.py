"""Where the declared state of a drift monitor is kept: given here, at an address, or in Git."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.monitors.logic.comparing import Reader
from evenfall.monitors.logic.fields import Flaw

EVERY: Final = timedelta(minutes=5)
"""So often it is fetched."""
PATIENCE: Final = timedelta(hours=1)
"""What was fetched last counts so long after it could not be fetched any more."""


class Origin(StrEnum):
    """Who says what should be."""

    GIVEN = "given"
    URL = "url"
    GIT = "git"


LABELS: Final = {
    Origin.GIVEN: "It is given here, or over the API",
    Origin.URL: "A file at an address",
    Origin.GIT: "A file in a Git repository",
}


class Place(Struct, frozen=True, kw_only=True):
    """Where to fetch it; `branch` and `path` are of a repository."""

    origin: Origin
    url: str = ""
    branch: str = ""
    path: str = ""
    user_name: str = ""

    @property
    def words(self) -> str:
        return f"{self.path} of {self.url} ({self.branch})" if self.path else self.url


def place_of(settings: Mapping[str, str]) -> Place:
    """By settings that were checked; those of before there was a choice are given here."""
    origin = Origin(settings.get("declared_from") or Origin.GIVEN)
    url, name = settings.get("declared_url", ""), settings.get("declared_user", "")
    if origin is Origin.GIVEN:
        return Place(origin=origin)
    if origin is Origin.URL:
        return Place(origin=origin, url=url, user_name=name)
    branch, path = settings["declared_branch"] or "main", _path(settings["declared_path"])
    return Place(origin=origin, url=url, branch=branch, path=path, user_name=name)


def check(settings: Mapping[str, str]) -> None:
    """Raise Flaw for a place that cannot be; secrets are among the settings."""
    place = Origin(settings["declared_from"])
    if place is Origin.GIVEN:
        return
    if Reader(settings["reader"]) is Reader.PLAN:
        raise Flaw("declared_from", "A plan has both sides in itself: nothing is fetched for it.")
    url = settings["declared_url"]
    if not url:
        raise Flaw("declared_url", "Say where it is.")
    if urlsplit(url).username is not None:
        why = "Put the user name and the token into their own fields."
        raise Flaw("declared_url", why)
    name, token = settings["declared_user"], settings["declared_token"]
    if ":" in name or not (name + token).isascii() or not (name + token + "x").isprintable():
        raise Flaw("declared_user", "User names and tokens are letters, digits and signs.")
    if place is Origin.GIT:
        _check_path(settings["declared_path"])


def headers_of(place: Place, token: str) -> dict[str, str]:
    """What lets us read the file at an address."""
    if not token:
        return {}
    if not place.user_name:
        return {"Authorization": f"Bearer {token}"}
    pair = base64.b64encode(f"{place.user_name}:{token}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def is_stale(failed_since: datetime | None, *, now: datetime) -> bool:
    """Whether it could not be fetched for so long that nobody knows any more what should be."""
    return failed_since is not None and now - failed_since >= PATIENCE


def _check_path(path: str) -> None:
    parts = _path(path).split("/")
    if {"", ".", ".."} & set(parts):
        raise Flaw("declared_path", "Give a file in the repository, such as deploy/shop.yaml.")


def _path(path: str) -> str:
    return path.strip().strip("/")
