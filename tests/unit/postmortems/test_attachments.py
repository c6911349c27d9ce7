"""How a text names what is attached."""

import pytest

from evenfall.postmortems.logic.attachments import mark, number_of, numbers_in, with_addresses


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("attachment:7", 7),
        ("attachment:", None),
        ("attachment:x", None),
        ("attachment:-7", None),
        ("attachment:²", None),
        ("attachment:" + "9" * 19, None),
        ("7", None),
        ("https://example.org/7", None),
    ],
)
def test_an_address_means_an_attachment_or_not(address: str, number: int | None) -> None:
    assert number_of(address) == number


def test_all_that_a_text_names_is_found() -> None:
    text = "![a](attachment:1) [b](<attachment:2>) [c][d]\n\n[d]: attachment:3\nattachment:4"
    assert numbers_in(text) == {1, 2, 3}


def test_a_mark_shows_images_and_links_documents() -> None:
    assert mark("a.png", 1, is_picture=True) == "![a.png](attachment:1)"
    assert mark("a.log", 2, is_picture=False) == "[a.log](attachment:2)"


def test_whole_addresses_stand_where_there_are_some() -> None:
    text = "![a](attachment:1) and [b](attachment:22)"
    shown = with_addresses(text, {1: "https://x.example/1/"}.get)
    assert shown == "![a](https://x.example/1/) and [b](attachment:22)"
