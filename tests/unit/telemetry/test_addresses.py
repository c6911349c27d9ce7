"""Addresses and credentials of servers."""

import pytest

from evenfall.telemetry.logic.addresses import (
    Unclear,
    check_plain,
    check_secret_is_safe,
    clean_url,
    headers_of,
)


def test_the_slash_at_the_end_goes() -> None:
    assert clean_url(" https://prom.example.org/base/ ") == "https://prom.example.org/base"


@pytest.mark.parametrize(
    "url",
    [
        *("", "prometheus:9090", "ftp://a.example", "https://", "https://u:p@a.example"),
        *("https://a.example/?x=1", "https://a.example/#x", "http://[::1", "http://a:99999"),
        "https://a.example/" + "x" * 500,
    ],
)
def test_what_is_no_address_says_so(url: str) -> None:
    with pytest.raises(Unclear) as refused:
        clean_url(url)
    assert refused.value.field == "url"


def test_a_secret_goes_out_encrypted_or_at_home() -> None:
    check_secret_is_safe("https://prom.example.org", may_be_plain=lambda _: False)
    check_secret_is_safe("http://10.0.0.1:9090", may_be_plain=lambda host: host == "10.0.0.1")
    with pytest.raises(Unclear, match="Only https"):
        check_secret_is_safe("http://prom.example.org", may_be_plain=lambda _: False)


def test_a_user_name_makes_it_basic_else_it_is_a_token() -> None:
    basic = headers_of(user_name="ops", secret="pass", tenant="")
    assert basic == {"Authorization": "Basic b3BzOnBhc3M="}
    bearer = headers_of(user_name="", secret="t0k", tenant="team-a")
    assert bearer == {"Authorization": "Bearer t0k", "X-Scope-OrgID": "team-a"}
    assert headers_of(user_name="", secret="", tenant="") == {}


def test_nothing_gets_into_a_second_header() -> None:
    assert check_plain("secret", "abc") == "abc"
    with pytest.raises(Unclear):
        check_plain("secret", "abc\r\nX-Other: 1")
