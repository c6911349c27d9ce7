"""What an image is, read from its own first bytes: never from a name or what a sender says.

Only the header is read. The formats: PNG (RFC 2083 section 3), GIF (89a, section 18), JPEG (ITU-T
T.81, annex B), WebP (RFC 9649).
"""

import struct
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.platform.files import plain_name

MOST_SIDE: Final = 20_000
# A picture of a few kilobytes can be a gigabyte once a browser draws it; a photograph of a
# telephone has 50 million points.
MOST_POINTS: Final = 100_000_000

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_VP8_START: Final = b"\x9d\x01\x2a"
_VP8L_START: Final = 0x2F
# start of frame: the segments that tell how large a JPEG is (C4, C8 and CC are something else)
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_NO_PICTURE: Final = frozenset({0xD9, 0xDA})


class ContentType(StrEnum):
    """The formats that every browser draws and that hold no script."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"


ENDINGS: Final = {
    ContentType.PNG: "png",
    ContentType.JPEG: "jpg",
    ContentType.WEBP: "webp",
    ContentType.GIF: "gif",
}


class Picture(Struct, frozen=True):
    """`width` and `height` in points, both at least 1."""

    content_type: ContentType
    width: int
    height: int


def picture(body: bytes) -> Picture | None:
    """Return what the bytes are; None unless they begin as a picture of a sane size does."""
    readers = {
        ContentType.PNG: _png,
        ContentType.GIF: _gif,
        ContentType.WEBP: _webp,
        ContentType.JPEG: _jpeg,
    }
    for content_type, read in readers.items():
        sides = read(body)
        if sides is not None:
            return Picture(content_type, *sides) if _is_sane(*sides) else None
    return None


def file_name(name: str, content_type: ContentType) -> str:
    """Return a harmless file name with the ending that fits, whatever was given."""
    return plain_name(name, ENDINGS[content_type], otherwise="image")


def _is_sane(width: int, height: int) -> bool:
    return 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_POINTS


def _png(body: bytes) -> tuple[int, int] | None:
    if body[:8] != _PNG or body[12:16] != b"IHDR" or len(body) < 24:  # noqa: PLR2004 - end of sizes
        return None
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def _gif(body: bytes) -> tuple[int, int] | None:
    if body[:6] not in {b"GIF87a", b"GIF89a"} or len(body) < 10:  # noqa: PLR2004 - end of sizes
        return None
    width, height = struct.unpack("<HH", body[6:10])
    return width, height


def _webp(body: bytes) -> tuple[int, int] | None:
    if body[:4] != b"RIFF" or body[8:12] != b"WEBP" or len(body) < 30:  # noqa: PLR2004 - end of sizes
        return None
    readers = {b"VP8 ": _lossy, b"VP8L": _lossless, b"VP8X": _extended}
    read = readers.get(body[12:16])
    return read(body[20:30]) if read else None


def _lossy(chunk: bytes) -> tuple[int, int] | None:
    if chunk[3:6] != _VP8_START:
        return None
    width, height = struct.unpack("<HH", chunk[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _lossless(chunk: bytes) -> tuple[int, int] | None:
    if chunk[0] != _VP8L_START:
        return None
    bits = int.from_bytes(chunk[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(chunk: bytes) -> tuple[int, int]:
    return int.from_bytes(chunk[4:7], "little") + 1, int.from_bytes(chunk[7:10], "little") + 1


def _jpeg(body: bytes) -> tuple[int, int] | None:
    """Walk from segment to segment until the one with the size; each step goes forward."""
    if body[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:  # noqa: PLR2004 - what begins a marker
        marker = body[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        if marker in _NO_PICTURE:
            return None
        at += _step(marker, body[at + 2 : at + 4])
    return None


def _step(marker: int, length: bytes) -> int:
    if marker == 0xFF:  # noqa: PLR2004 - filling before a marker
        return 1
    return 2 if marker in _ALONE else 2 + max(2, int.from_bytes(length, "big"))
