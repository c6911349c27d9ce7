"""What is kept for readers: how long, for whom, and how much of it."""

import pytest

from evenfall.config import kept_answers
from evenfall.config.kept_answers import (
    BROKEN_S,
    NEW_S,
    OLD_S,
    PATIENCE_S,
    Asked,
    KeptAnswers,
    asked_for,
    is_known,
    may_keep,
)

ASKED = Asked(b"status.example.org", b"/", is_packed=False, languages=())
RULE = (b"Cache-Control", b"public, max-age=15, stale-if-error=86400")
ETAG = (b"ETag", b'W/"1-2"')


def kept(now: float = 0.0, body: bytes = b"page") -> KeptAnswers:
    answers = KeptAnswers(most_bytes=1000)
    answers.keep(ASKED, [RULE, ETAG, (b"Date", b"then"), (b"Content-Length", b"4")], body, now)
    return answers


def test_what_is_new_is_for_everybody() -> None:
    found = kept().find(ASKED, NEW_S)
    assert found is not None
    assert found.body == b"page"
    assert b"ETag: W/" in found.head
    assert b"then" not in found.head
    assert b"Content-Length" in found.head
    assert b"Content-Length" not in found.short_head


def test_one_fetches_anew_while_all_others_read_on() -> None:
    answers = kept()
    assert answers.find(ASKED, NEW_S + 1) is None
    assert answers.find(ASKED, NEW_S + 1) is not None
    assert answers.find(ASKED, NEW_S + 1 + PATIENCE_S) is None


def test_what_is_old_is_for_nobody() -> None:
    answers = kept()
    assert answers.find(ASKED, OLD_S + 1) is None
    assert answers.find(ASKED, OLD_S + 1) is None


def test_an_error_is_replaced_by_what_was_there() -> None:
    answers = kept()
    assert answers.find(ASKED, 600.0) is None
    assert answers.instead(ASKED, 600.0) is not None
    assert answers.find(ASKED, 601.0) is not None
    assert answers.find(ASKED, 600.0 + PATIENCE_S) is None
    assert answers.instead(ASKED, BROKEN_S + 1) is None
    assert KeptAnswers().instead(ASKED, 0.0) is None


def test_memory_has_a_limit() -> None:
    answers = KeptAnswers(most_bytes=1000)
    for number in range(10):
        asked = ASKED._replace(url=b"/%d" % number)
        answers.keep(asked, [RULE], b"x" * 300, 0.0)
    there = [n for n in range(10) if answers.find(ASKED._replace(url=b"/%d" % n), 0.0)]
    assert there == [8, 9]
    answers.drop(ASKED._replace(url=b"/9"))
    answers.drop(ASKED._replace(url=b"/9"))
    assert answers.find(ASKED._replace(url=b"/9"), 0.0) is None


@pytest.mark.parametrize(
    "url", [b"/status/shop/?token=a", b"/status/shop/?lang=", b"/?x", b"/?lang=de&a", b"/" * 301]
)
def test_what_anybody_can_vary_is_not_kept(url: bytes) -> None:
    assert asked_for(b"GET", url, []) is None


@pytest.mark.parametrize(
    "header",
    [(b"Cookie", b"a=b; sessionid=x"), (b"Authorization", b"Bearer x"), (b"Range", b"bytes=0-1")],
)
def test_whoever_is_somebody_is_not_answered_from_memory(header: tuple[bytes, bytes]) -> None:
    assert asked_for(b"GET", b"/status/shop/", [header]) is None


def test_only_reading_is_answered() -> None:
    assert asked_for(b"POST", b"/status/shop/", []) is None
    assert asked_for(b"HEAD", b"/status/shop/", []) is None


def test_an_answer_depends_on_few_things() -> None:
    headers = [
        (b"HOST", b"Status.Example.org"),
        (b"accept-encoding", b"br, gzip"),
        (b"accept-language", b"it,fr;q=0.2,de;q=0.4"),
        (b"user-agent", b"a"),
        (b"if-none-match", b'"1"'),
    ]
    found = asked_for(b"GET", b"/?lang=de", headers)
    asked = Asked(b"status.example.org", b"/?lang=de", is_packed=True, languages=("de", "fr"))
    assert found == (asked, b'"1"')


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(b'W/"1-2"', True), (b'"0", "1-2"', True), (b'"1"', False), (b"", False)],
)
def test_a_reader_who_has_it_is_told_so(tags: bytes, expected: bool) -> None:
    found = kept().find(ASKED, 0.0)
    assert found is not None
    assert is_known(found, tags) is expected


def test_only_what_says_so_is_kept() -> None:
    good = {b"cache-control": RULE[1]}
    assert may_keep(200, good)
    assert not may_keep(304, good)
    assert not may_keep(200, {**good, b"set-cookie": b"a=b"})
    assert not may_keep(200, {b"cache-control": b"private, no-cache"})
    assert not may_keep(200, {b"cache-control": b"public, max-age=3600"})
    assert not may_keep(200, {})


def test_what_was_kept_is_known() -> None:
    assert kept().knows(ASKED)
    assert not KeptAnswers().knows(ASKED)


def test_a_request_to_keep_has_no_condition() -> None:
    scope = {"headers": [(b"if-none-match", b"x"), (b"host", b"y")], "path": "/"}
    assert kept_answers.without_condition(scope)["headers"] == [(b"host", b"y")]
