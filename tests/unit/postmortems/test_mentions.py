"""Who an “@name” means."""

import pytest

from evenfall.postmortems.logic.mentions import Known, mentioned

PEOPLE = {
    1: Known("Ada Lovelace", "ada.lovelace@example.org"),
    2: Known("Ben Okri", "ben@example.org"),
    3: Known("Ben Nevis", "mountain@example.org"),
    4: Known("", "nobody@example.org"),
}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Thanks @ada.lovelace, and @AdaLovelace!", {1}),
        ("What does @ada think?", {1}),
        ("@ben knows", {2}),  # the address of one of the two
        ("@mountain, @Ben-Nevis and @ben_okri.", {2, 3}),
        ("write to ada.lovelace@example.org", set()),
        ("no@ada, @@ada, /@ada", set()),
        ("nobody is named here @", set()),
        ("@zoe is nobody we know", set()),
    ],
)
def test_a_name_means_who_has_it(text: str, numbers: set[int]) -> None:
    assert mentioned(text, PEOPLE) == numbers
