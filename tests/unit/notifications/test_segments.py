import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenfall.notifications.logic.segments import cut, is_gsm, segments, simplified


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 152 places, then a character of two: it begins the second message
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_segments_count_as_networks_do(text: str, count: int) -> None:
    assert segments(text) == count


def test_simplified_keeps_the_letters_of_gsm_and_drops_typography() -> None:
    assert simplified("Größe \N{EN DASH} „jetzt“ …") == 'Größe - "jetzt" ...'


def test_simplified_drops_accents_where_that_halves_the_cost() -> None:
    assert simplified("Ação à São Paulo") == "Acao à Sao Paulo"


def test_simplified_keeps_accents_where_other_letters_stay() -> None:
    assert simplified("São Пауло") == "São Пауло"


def test_cut_leaves_a_text_that_fits() -> None:
    assert cut("short", after="!", most=1) == "short"


def test_cut_ends_with_dots() -> None:
    text = cut("a" * 200, before="<", after=">", most=1)
    assert text == "a" * 155 + "..."
    assert segments(f"<{text}>") == 1


def test_cut_gives_nothing_where_there_is_no_place() -> None:
    assert cut("abc", before="a" * 160, most=1) == ""


@given(st.text(max_size=400), st.text(max_size=60), st.integers(1, 3))
def test_cut_always_fits(text: str, after: str, most: int) -> None:
    assume(segments(after) <= most)  # what stays is never cut
    kept = cut(text, after=after, most=most)
    assert segments(kept + after) <= most
    assert kept in {text, ""} or kept.endswith("...")


@given(st.text(max_size=200))
def test_simplified_never_costs_more_messages_of_the_same_kind(text: str) -> None:
    plain = simplified(text)
    assert is_gsm(plain) or not is_gsm(text)
    assert simplified(plain) == plain
