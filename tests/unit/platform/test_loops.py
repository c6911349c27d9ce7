"""An event loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from evenfall.platform.loops import LoopThread

PATIENCE_S = 10


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    loop = LoopThread("a loop for tests")
    loop.start()
    yield loop
    loop.stop()


def test_works_run_beside_each_other_in_one_thread(loop: LoopThread) -> None:
    names: list[str] = []
    both, done = asyncio.Barrier(2), threading.Barrier(3)

    async def work() -> None:
        await both.wait()  # nobody passes alone
        names.append(threading.current_thread().name)
        asyncio.get_running_loop().run_in_executor(None, done.wait, PATIENCE_S)

    loop.begin([work(), work()])
    done.wait(PATIENCE_S)
    assert names == ["a loop for tests"] * 2


def test_a_future_gives_the_answer_and_cancels_the_work(loop: LoopThread) -> None:
    ended = threading.Event()

    async def answer() -> int:
        return 42

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    assert loop.submit(answer()).result(PATIENCE_S) == 42
    running = loop.submit(forever())
    loop.submit(asyncio.sleep(0)).result(PATIENCE_S)  # it has begun
    running.cancel()
    assert ended.wait(PATIENCE_S)


def test_it_ends_once_and_begins_anew() -> None:
    loop = LoopThread("a loop for tests")
    loop.stop()
    for _ in range(2):
        loop.start()
        loop.start()
        assert [one.name for one in threading.enumerate()].count("a loop for tests") == 1
        assert loop.submit(asyncio.sleep(0, "yes")).result(PATIENCE_S) == "yes"
        loop.stop()
        loop.stop()
        assert "a loop for tests" not in [one.name for one in threading.enumerate()]


def test_what_was_not_started_takes_nothing() -> None:
    with pytest.raises(RuntimeError, match="a loop for tests was not started"):
        LoopThread("a loop for tests").begin([])
