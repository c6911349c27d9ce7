"""Secrets in logs."""

import base64
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.scrubbing import MASK, MOST_LOG, scrubbed

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)


@given(secrets, st.text(max_size=40), st.text(max_size=40))
def test_a_secret_is_nowhere_in_a_log(secret: str, before: str, after: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode()
    for form in (secret, quote(secret, safe=""), encoded):
        assert form not in scrubbed(f"{before}{form}{after}", [secret])


def test_the_token_behind_bearer_is_a_secret_too() -> None:
    assert scrubbed("token abcdefgh failed", ["Bearer abcdefgh"]) == f"token {MASK} failed"


def test_short_and_empty_ones_leave_words_whole() -> None:
    assert scrubbed("a banana", ["a", ""]) == "a banana"


def test_a_log_is_cut_and_has_no_nul() -> None:
    cut = scrubbed("x\0y" * MOST_LOG, [])
    assert len(cut) < MOST_LOG + 20
    assert cut.endswith("(cut)")
