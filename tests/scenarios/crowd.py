"""People who use a service all the time, and what each of them got."""

import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Self

from msgspec import Struct, field

THREADS = 4


class Answered(Struct, frozen=True):
    """One request: when its answer came (Unix time), its status (0 for none), and who gave it."""

    at: float
    status: int
    who: str


class Crowd(Struct, kw_only=True):
    """So many people that there are about so many requests a second."""

    host: str
    path: str
    per_second: float
    answers: list[Answered] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for place in range(THREADS):
            thread = threading.Thread(target=self._ask, args=(place,), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Ask no more; what is under way is waited for."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, place: int) -> None:
        """Each in turn, and at even distances however long an answer takes."""
        gap = THREADS / self.per_second
        due = time.monotonic() + place / self.per_second
        with closing(HTTPConnection(self.host, timeout=5)) as line:
            while not self._stop.wait(max(due - time.monotonic(), 0)):
                self.answers.append(self._one(line))
                due = max(due + gap, time.monotonic() - gap)

    def _one(self, line: HTTPConnection) -> Answered:
        try:
            line.request("GET", self.path)
            answer = line.getresponse()
            body = answer.read().decode()
        except (OSError, HTTPException) as error:
            line.close()
            return Answered(time.time(), 0, type(error).__name__)
        return Answered(time.time(), answer.status, body)

    def lost(self) -> list[Answered]:
        """Those that no version answered: nothing at all, or an error of the proxy itself."""
        return [one for one in list(self.answers) if one.status not in {200, 500}]

    def since(self, at: float) -> list[Answered]:
        return [one for one in list(self.answers) if one.at > at]

    def asked_by(self, who: str) -> list[Answered]:
        """The answers of one server."""
        return [one for one in list(self.answers) if one.who == who]
