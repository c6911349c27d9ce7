"""How many text messages a text costs, and how to say it in few.

A text in the GSM alphabet (3GPP TS 23.038) has 160 places in one message and 153 in each of
several; any other character makes the whole text UCS-2, with 70 and 67. Some characters take two
places and are never split between two messages.
"""

import unicodedata
from typing import Final

GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_OF_TWO_PLACES: Final = frozenset("^{}\\[~]|€\f")
_GSM_PLACES: Final = (160, 153)
_UCS_PLACES: Final = (70, 67)
_BEYOND_UCS_2: Final = 0xFFFF
_PLAIN: Final = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{SINGLE LOW-9 QUOTATION MARK}": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "\N{EN DASH}": "-",
        "—": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "…": "...",
        "•": "-",
        "·": "-",
        "→": "->",
        "←": "<-",
        "≥": ">=",
        "≤": "<=",
        "\N{MULTIPLICATION SIGN}": "x",
        "\t": " ",
        "`": "'",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u200b": "",
    }
)


def is_gsm(text: str) -> bool:
    return all(sign in GSM or sign in GSM_OF_TWO_PLACES for sign in text)


def segments(text: str) -> int:
    """The number of messages that this text is sent as; 1 for an empty one."""
    if is_gsm(text):
        return _count([2 if sign in GSM_OF_TWO_PLACES else 1 for sign in text], _GSM_PLACES)
    return _count([2 if ord(sign) > _BEYOND_UCS_2 else 1 for sign in text], _UCS_PLACES)


def simplified(text: str) -> str:
    """The text without typography; and without accents where that makes it fit the GSM alphabet.

    A text that needs other letters anyway, such as Greek or Chinese, keeps its accents.
    """
    plain = text.translate(_PLAIN)
    if is_gsm(plain):
        return plain
    bare = "".join(_without_accent(sign) for sign in plain)
    return bare if is_gsm(bare) else plain


def cut(text: str, *, before: str = "", after: str = "", most: int) -> str:
    """As much of the text as fits between two others into `most` messages, "..." where it ends."""
    if segments(before + text + after) <= most:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        fits = segments(f"{before}{text[:middle].rstrip()}...{after}") <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{text[:low].rstrip()}..." if low else ""


def _without_accent(sign: str) -> str:
    if sign in GSM or sign in GSM_OF_TWO_PLACES:
        return sign
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _count(widths: list[int], places: tuple[int, int]) -> int:
    alone, of_several = places
    if sum(widths) <= alone:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > of_several:
            count, used = count + 1, 0
        used += width
    return count
