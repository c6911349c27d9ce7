"""The colour of a page: one is given, and it must stay readable in light and in dark.

Contrast: Web Content Accessibility Guidelines 2.2, "relative luminance" and "contrast ratio"; text
needs 4.5 to 1 (success criterion 1.4.3).
"""

import re
from typing import Final

from msgspec import Struct

ENOUGH: Final = 4.5
PAPER: Final = "#f5f5f9"
NIGHT: Final = "#16161f"
"""Of the grounds that a page shows text on, the hardest by day and by night."""
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_STEPS: Final = 40


class Accent(Struct, frozen=True, kw_only=True):
    """The colour as given, and what is shown of it on a light and on a dark ground."""

    colour: str
    light: str
    dark: str

    @property
    def css(self) -> str:
        """A style sheet that puts the colour in the place of ours."""
        shown = f"light-dark({self.light}, {self.dark})"
        return f":root {{ --accent: {shown}; --accent-strong: {shown}; }}\n"


def accent_of(colour: str) -> Accent | None:
    """None for what is no colour like #1a2b3c.

    Where the colour itself could not be read on a ground, it is mixed with black or white until
    it can: the page keeps its character, and readers can read.
    """
    plain = colour.strip().lower()
    if not _HEX.fullmatch(plain):
        return None
    return Accent(colour=plain, light=_readable(plain, PAPER), dark=_readable(plain, NIGHT))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, ground: str) -> str:
    towards = "#000000" if _luminance(ground) > 0.5 else "#ffffff"  # noqa: PLR2004 - half
    mixed = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(one for one in mixed if contrast(one, ground) >= ENOUGH)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
