"""What an image is comes from its bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.pictures import gif, jpeg, png, webp

from evenfall.platform.files import NAME_LENGTH
from evenfall.platform.pictures import (
    ContentType,
    Picture,
    file_name,
    picture,
)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (png(320, 200), ContentType.PNG),
        (gif(320, 200), ContentType.GIF),
        (jpeg(320, 200), ContentType.JPEG),
        (webp(320, 200, "VP8 "), ContentType.WEBP),
        (webp(320, 200, "VP8L"), ContentType.WEBP),
        (webp(320, 200, "VP8X"), ContentType.WEBP),
    ],
)
def test_a_picture_tells_its_kind_and_size(body: bytes, content_type: ContentType) -> None:
    assert picture(body) == Picture(content_type, 320, 200)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
        b"%PDF-1.7",
        png(0, 200),
        png(20_001, 1),
        png(20_000, 20_000),
        png(320, 200)[:20],
        gif(320, 200)[:9],
        webp(320, 200, "VP8 ")[:29],
        webp(320, 200, "ABCD"),
        webp(320, 200, "VP8 ").replace(b"\x9d\x01\x2a", b"abc"),
        webp(320, 200, "VP8L").replace(b"\x2f", b"\x2e"),
        jpeg(320, 200)[:40],
        b"\xff\xd8\xff\xda" + bytes(20),
        b"\xff\xd8\xff\xd9" + bytes(20),
        b"\xff\xd8\xff\xe0\x00\x04ab" + bytes(20),
    ],
)
def test_what_is_no_sane_picture_is_refused(body: bytes) -> None:
    assert picture(body) is None


def test_filling_and_markers_without_length_are_stepped_over() -> None:
    start, rest = jpeg(320, 200)[:2], jpeg(320, 200)[2:]
    assert picture(start + b"\xff\xff" + rest) == Picture(ContentType.JPEG, 320, 200)
    assert picture(start + b"\xff\xd0" + rest) == Picture(ContentType.JPEG, 320, 200)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"RIFF????WEBPVP8X"]))
def test_any_bytes_are_read_without_harm(body: bytes, start: bytes) -> None:
    found = picture(start + body)
    assert found is None or (found.width > 0 and found.height > 0)


@given(st.integers(0, 2**16 - 1))
def test_a_segment_of_any_length_ends_the_walk(length: int) -> None:
    assert picture(b"\xff\xd8\xff\xe1" + struct.pack(">H", length) + bytes(300)) is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("graph.png", "graph.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\images\\cpu load.JPG", "cpu load.png"),
        ('a"b\r\nc.png', "a b c.png"),
        ("", "image.png"),
        ("....", "image.png"),
    ],
)
def test_a_file_name_is_harmless(name: str, kept: str) -> None:
    assert " ".join(file_name(name, ContentType.PNG).split()) == kept


@given(st.text(max_size=300))
def test_a_file_name_is_short_and_ends_as_its_kind(name: str) -> None:
    kept = file_name(name, ContentType.JPEG)
    assert len(kept) <= NAME_LENGTH
    assert kept.endswith(".jpg")
    assert not set(kept) & set('/\\"\r\n\0')
