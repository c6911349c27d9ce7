"""A request that looks reads once; whoever changes something, and what comes after, reads again."""

from collections.abc import Callable
from contextvars import copy_context

import pytest
from django.http import HttpRequest, HttpResponse

from evenfall.platform import once
from evenfall.platform.once import MOST_READS, ReadOnceMiddleware, known, remembering


class Table:
    """Names by number, which counts how often it is read."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.reads = 0

    def ask(self, *numbers: int) -> dict[int, str]:
        return known("table", numbers, lambda: self._read(*numbers))

    def _read(self, *numbers: int) -> dict[int, str]:
        self.reads += 1
        return {i: name for i, name in enumerate(self.names) if i in numbers}


def test_what_was_read_is_not_read_again() -> None:
    table = Table("ada", "ben")
    with remembering():
        assert table.ask(0, 1) == table.ask(1, 0) == {0: "ada", 1: "ben"}
        assert table.ask(1) == {1: "ben"}
    assert table.reads == 1


def test_nothing_is_read_for_nobody() -> None:
    table = Table("ada")
    assert table.ask() == {}
    with remembering():
        assert table.ask() == {}
    assert table.reads == 0


def test_nothing_is_remembered_outside_and_afterwards() -> None:
    table = Table("ada")
    assert table.ask(0) == table.ask(0)
    with remembering():
        table.ask(0)
    table.names[0] = "eve"
    assert table.ask(0) == {0: "eve"}
    with remembering():
        assert table.ask(0) == {0: "eve"}
    assert table.reads == 5


def test_what_nobody_has_is_remembered_too() -> None:
    table = Table("ada")
    with remembering():
        assert table.ask(0, 7) == {0: "ada"}
        assert table.ask(7) == {}
    assert table.reads == 1


def test_more_than_is_known_is_read_whole_in_the_order_of_the_table() -> None:
    table = Table("ada", "ben", "cyd")
    with remembering():
        table.ask(2)
        assert list(table.ask(2, 0)) == [0, 2]
        assert list(table.ask(2, 0)) == [0, 2]
    assert table.reads == 2


def test_what_was_found_otherwise_is_known() -> None:
    table = Table("ada", "ben")
    with remembering():
        once.learn("table", {0: "ada", 1: "ben"})
        assert table.ask(1) == {1: "ben"}
    assert table.reads == 0
    once.learn("table", {0: "nobody remembers"})
    assert table.ask(0) == {0: "ada"}


def test_kinds_are_apart_and_an_answer_is_its_readers_own() -> None:
    table = Table("ada")
    with remembering():
        assert known("other", [0], lambda: {0: "x"}) == {0: "x"}
        table.ask(0).clear()
        table.ask(0).clear()
        assert table.ask(0) == {0: "ada"}
    assert table.reads == 1


def test_forgetting_reads_anew() -> None:
    table = Table("ada")
    with remembering():
        table.ask(0)
        table.names[0] = "eve"
        once.forget()
        assert table.ask(0) == {0: "eve"}
    once.forget()


def test_the_oldest_of_many_reads_are_given_up() -> None:
    table = Table(*"abcdefghijklmnopqrstuvwxyz")
    with remembering():
        for number in range(MOST_READS + 1):
            table.ask(number)
        table.ask(1)
        assert table.reads == MOST_READS + 1
        table.ask(0)
    assert table.reads == MOST_READS + 2


def test_a_context_that_goes_on_afterwards_reads_again() -> None:
    """As what streams: it was started within the request and copied its context."""
    table = Table("ada")
    with remembering():
        table.ask(0)
        goes_on = copy_context()
    table.names[0] = "eve"
    assert goes_on.run(table.ask, 0) == {0: "eve"}


@pytest.mark.parametrize(("method", "reads"), [("GET", 1), ("HEAD", 1), ("POST", 2), ("DELETE", 2)])
def test_only_requests_that_look_remember(method: str, reads: int) -> None:
    table = Table("ada")

    def view(request: HttpRequest) -> HttpResponse:
        table.ask(0)
        return HttpResponse(table.ask(0)[0])

    request = HttpRequest()
    request.method = method
    answer: Callable[[HttpRequest], HttpResponse] = ReadOnceMiddleware(view)
    assert answer(request).content == b"ada"
    assert table.reads == reads
