from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.responding import (
    LinkPayload,
    MalformedPayloadError,
    pack,
    unpack,
)

ids = st.integers(1, 2**63 - 1)
payloads = st.builds(
    LinkPayload,
    notice_id=ids,
    user_id=ids,
    action=st.from_regex(r"[a-z_.]{0,20}", fullmatch=True),
)


@given(payloads)
def test_a_payload_survives_the_way(payload: LinkPayload) -> None:
    assert unpack(pack(payload)) == payload


@pytest.mark.parametrize("text", ["", "1.2", "a.2.ack", "1.b.ack", "1..ack"])
def test_a_foreign_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedPayloadError):
        unpack(text)


@given(st.text())
def test_no_text_breaks_unpack(text: str) -> None:
    with suppress(MalformedPayloadError):
        unpack(text)
