"""The smallest images that say how large they are."""

import struct
import zlib


def png(width: int = 4, height: int = 3, *, shade: int = 120) -> bytes:
    """A grey image that every browser draws."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(min(height, 100)))
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3) + b";"


def jpeg(width: int, height: int) -> bytes:
    """With a thumbnail's segment before the frame, as cameras write them."""
    header = b"\xff\xe0" + struct.pack(">H", 30) + bytes(28)
    frame = b"\xff\xc2" + struct.pack(">HBHH", 11, 8, height, width) + bytes(4)
    return b"\xff\xd8" + header + frame + b"\xff\xd9"


def webp(width: int, height: int, chunk: str) -> bytes:
    data = {
        "VP8 ": bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height),
        "VP8L": b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(5),
        "VP8X": bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    }.get(chunk, bytes(10))
    inside = b"WEBP" + chunk.encode() + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
