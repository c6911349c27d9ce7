"""What a browser tells of the device it runs on, in words that its owner recognises."""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from msgspec import Struct

LONGEST_NAME: Final = 80
# Web Push came to iPhones with this version, for apps on the home screen only.
FIRST_IOS: Final = (16, 4)

# The order matters: a browser names those it descends from too.
_BROWSERS: Final = (
    (("SamsungBrowser/",), "Samsung Internet"),
    (("EdgA/", "EdgiOS/", "Edg/"), "Edge"),
    (("OPR/", "OPX/"), "Opera"),
    (("Vivaldi/",), "Vivaldi"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("CriOS/", "Chrome/", "Chromium/"), "Chrome"),
    (("Safari/",), "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_IOS_VERSION: Final = re.compile(r"\bOS (\d{1,3})[_.](\d{1,3})")


class Family(StrEnum):
    """The kinds of devices whose owners do different things to be woken."""

    IPHONE = "iphone"
    ANDROID = "android"
    DESKTOP = "desktop"


class Device(Struct, frozen=True, kw_only=True):
    """A device as far as its browser tells. `ios_version` is None elsewhere."""

    family: Family
    browser: str
    system: str
    ios_version: tuple[int, int] | None = None

    @property
    def is_too_old(self) -> bool:
        """Whether this iPhone or iPad cannot have push messages at all."""
        return self.ios_version is not None and self.ios_version < FIRST_IOS


def device_of(user_agent: str) -> Device:
    """Read the User-Agent header. Unknown ones are taken for a desktop."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next(
        (name for marks, name in _BROWSERS if any(mark in user_agent for mark in marks)), ""
    )
    if system in {"iPhone", "iPad"}:
        found = _IOS_VERSION.search(user_agent)
        version = (int(found[1]), int(found[2])) if found else None
        return Device(family=Family.IPHONE, browser=browser, system=system, ios_version=version)
    family = Family.ANDROID if system == "Android" else Family.DESKTOP
    return Device(family=family, browser=browser, system=system)


def device_name(
    user_agent: str, *, model: str = "", is_app: bool = False, taken: Collection[str] = ()
) -> str:
    """A name such as "Chrome on Pixel 8"; one that is `taken` gets a number.

    `model` is what the browser says of the hardware, where it does. `is_app`: it runs from the
    home screen.
    """
    device = device_of(user_agent)
    place = " ".join(model.split()) or device.system
    program = "Evenfall app" if is_app else device.browser or "Browser"
    name = f"{program} on {place}" if place else program
    return _free(name[: LONGEST_NAME - 4], taken)


def _free(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"
