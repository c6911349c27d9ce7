"""Asks for work, does it, brings the result; for ever."""

import os
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx

from evenfall import __version__
from evenfall.cli.runner.allowed import Allowed, NotAllowed, read_allowed
from evenfall.cli.runner.commands import Done, run_command

AT_ONCE: Final = 4
WAITS_S: Final = 20.0
# what a result needs to come back before whoever asked gives up
MARGIN_S: Final = 2.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 15.0
_TRIES: Final = 40
_OK, _REFUSED, _NOT_ALLOWED = 200, 401, 2


class Runner:
    """One runner of one installation. `allow` is read again for each piece of work."""

    def __init__(self, *, url: str, name: str, token: str, allow: Path) -> None:
        self._name, self._allow = name, allow
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={
                "Authorization": f"Bearer {token}",
                "User-Agent": f"evenfall-runner/{__version__}",
            },
            timeout=httpx.Timeout(10.0, read=WAITS_S + 10.0),
        )
        self._free = threading.Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="command")

    def run(self) -> int:
        """Work until the token is refused."""
        pause = _FIRST_PAUSE_S
        while True:
            self._free.acquire()
            try:
                answer = self._ask()
            except httpx.HTTPError as error:
                self._free.release()
                _say(f"The installation cannot be reached: {error}")
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            if answer.status_code == _REFUSED:
                _say("The token is refused. Is this the runner's name, or was it revoked?")
                return 4
            pause = self._take(answer, pause)

    def _take(self, answer: httpx.Response, pause: float) -> float:
        """Begin what was given; returns how long to rest after the next failure."""
        if answer.status_code == _OK:
            self._pool.submit(self._work, answer.json(), time.monotonic())
            return _FIRST_PAUSE_S
        self._free.release()
        if answer.is_success:
            return _FIRST_PAUSE_S
        _say(f"The installation answered {answer.status_code}.")
        time.sleep(pause)
        return min(pause * 2, _LONGEST_PAUSE_S)

    def _ask(self) -> httpx.Response:
        commands = [one.described() for one in self._allowed().values()]
        body = {"name": self._name, "commands": commands, "wait_s": WAITS_S}
        return self._http.post("/runner/work/", json=body)

    def _allowed(self) -> dict[str, Allowed]:
        try:
            return read_allowed(self._allow)
        except (NotAllowed, OSError) as error:
            _say(f"Nothing is allowed: {error}")
            return {}

    def _work(self, work: Mapping[str, Any], began: float) -> None:
        try:
            done = self._done(work)
            took = time.monotonic() - began
            _say(f"{work['command']}: {'done' if done.ok else 'failed'} in {took:.1f} s")
            self._bring(int(work["id"]), done)
        finally:
            self._free.release()

    def _done(self, work: Mapping[str, Any]) -> Done:
        allowed = self._allowed().get(str(work["command"]))
        if allowed is None:
            return Done(ok=False, output=f"{self._name} does not allow {work['command']}.")
        limit = min(allowed.time_limit_s, float(work["time_limit_s"]) - MARGIN_S)
        if limit <= 0:
            return Done(ok=False, output="There is too little time left to begin.")
        try:
            argv = allowed.filled({str(k): str(v) for k, v in work["arguments"].items()})
        except NotAllowed as error:
            return Done(ok=False, output=str(error))
        return run_command(argv, folder=allowed.folder, time_limit_s=limit)

    def _bring(self, work_id: int, done: Done) -> None:
        """Again and again for some minutes: what was done and not told is unknown to people."""
        body = {"name": self._name, "ok": done.ok, "output": done.output}
        for attempt in range(_TRIES):
            try:
                answer = self._http.post(f"/runner/results/{work_id}/", json=body)
            except httpx.HTTPError as error:
                _say(f"The result cannot be told yet: {error}")
            else:
                if answer.status_code < 500:  # noqa: PLR2004 - those of the server come again
                    return
            time.sleep(min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S))


def start(*, url: str, name: str, allow: Path, token_file: Path | None) -> int:
    """Run a runner until it is ended; returns its exit code."""
    token = token_file.read_text() if token_file else os.environ.get("EVENFALL_RUNNER_TOKEN", "")
    if not url or not token.strip():
        _say("Give --url, and the token in EVENFALL_RUNNER_TOKEN or in --token-file.")
        return _NOT_ALLOWED
    try:
        allowed = read_allowed(allow)
    except (NotAllowed, OSError) as error:
        _say(str(error))
        return _NOT_ALLOWED
    _say(f"Runner {name} of {url}. It allows: {', '.join(allowed)}")
    try:
        return Runner(url=url, name=name, token=token.strip(), allow=allow).run()
    except KeyboardInterrupt:
        return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
