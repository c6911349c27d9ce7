"""Words of our own in a statement."""

import pytest

from evenfall.platform.constants import Constant


@pytest.mark.parametrize("word", ["o'pen", "", "Open", "open, '", "open\n", "1", "_open"])
def test_only_plain_words_are_written_into_a_statement(word: str) -> None:
    with pytest.raises(ValueError, match="no constant"):
        Constant(word)


def test_word_is_written_out_and_nothing_is_sent_beside_it() -> None:
    assert Constant("acknowledged").as_sql(None, None) == ("'acknowledged'", ())
