import pytest

from evenfall.runbooks.logic.repositories import (
    Unclear,
    clean_branch,
    clean_path,
    clean_url,
    origin_of,
)


def plain(host: str) -> bool:
    return host == "10.0.0.1"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" https://git.example.org/a.git/ ", "https://git.example.org/a.git"),
        ("http://10.0.0.1:3000/a", "http://10.0.0.1:3000/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_addresses_that_can_be_fetched(said: str, kept: str) -> None:
    assert clean_url(said, may_be_plain=plain) == kept


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            "a",
            "https://",
            "https:///a",
            "git@git.example.org:a.git",
            "ssh://git.example.org/a",
        ),
        *(
            "http://git.example.org/a",
            "https://ada@git.example.org/a",
            "https://git.example.org/#a",
        ),
        *("https://git.example.org/a b", "https://git.example.org:x/a", "https://[/a", "file:///a"),
        *(
            "https://git.example.org:0/a",
            "https://git.example.org/\u00e9",
            "https://a/" + 500 * "a",
        ),
    ],
)
def test_addresses_that_cannot(said: str) -> None:
    with pytest.raises(Unclear) as caught:
        clean_url(said, may_be_plain=plain)
    assert caught.value.field == "url"


def test_a_token_is_for_a_scheme_a_host_and_a_port() -> None:
    assert origin_of("https://Git.example.org/a") == origin_of("https://git.example.org/b")
    assert origin_of("https://git.example.org/a") != origin_of("https://git.example.org:8443/a")
    assert origin_of("https://git.example.org/a") != origin_of("http://git.example.org/a")


def test_branches_are_named_as_git_allows() -> None:
    assert clean_branch(" refs/heads/release/1.x ") == "release/1.x"
    for said in ("", "a b", "a..b", "/a", "a/", "a.lock", ".a", "a/.b", "a~1", "a" * 201):
        with pytest.raises(Unclear):
            clean_branch(said)


def test_folders_stay_inside() -> None:
    assert [clean_path(said) for said in ("", " / ", ".", "/docs/./runbooks/")] == [
        *("", "", ""),
        "docs/runbooks",
    ]
    for said in ("..", "a/../b", "a//b", "a\x00b", "a" * 301):
        with pytest.raises(Unclear):
            clean_path(said)
