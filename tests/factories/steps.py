"""Steps for tests, and a kind that pulls levers in this process. Times are `NOW` unless given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, override

from msgspec import Struct, field
from tests.factories.identity import NOW
from tests.factories.runbooks import make_runbook

from evenfall.runbooks import actions, ports
from evenfall.runbooks.actions import StepWish
from evenfall.runbooks.logic.parameters import Parameter
from evenfall.runbooks.models import Run, Runbook, Step, StepRun
from evenfall.runbooks.ports import FieldType, StepField, StepResult

LEVER = "lever"


class Lever(Struct, dict=True):
    """A kind that writes down what it is asked for, and answers as told."""

    name: str = LEVER
    label: str = "Lever"
    fields: Sequence[StepField] = (
        StepField(name="host", label="Host"),
        StepField(name="url", label="Address", type=FieldType.URL, required=False),
        StepField(name="token", label="Token", type=FieldType.SECRET, required=False),
        StepField(name="count", label="Count", type=FieldType.NUMBER, required=False),
        StepField(name="body", label="Body", type=FieldType.JSON, required=False),
    )
    conditions: Sequence[tuple[str, str]] = (("up", "The lever is up"),)
    calls: list[str] = field(default_factory=list)
    fails: set[str] = field(default_factory=set)
    """What fails: "run:web1", "test:web1", "undo:web1"."""
    irreversible: bool = False
    says: str = "done"

    def check(self, settings: Mapping[str, str]) -> None:
        """Takes everything."""

    def target(self, settings: Mapping[str, str]) -> str:
        return f"lever:{settings['host']}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        return self._call("dry", settings)

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        return self._call("run", settings)

    def test(
        self,
        condition: str,
        settings: Mapping[str, str],
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> StepResult:
        return self._call("test", settings)

    def undo(
        self,
        settings: Mapping[str, str],
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> StepResult | None:
        return None if self.irreversible else self._call("undo", settings)

    def _call(self, what: str, settings: Mapping[str, str]) -> StepResult:
        call = f"{what}:{settings['host']}"
        self.calls.append(call)
        return StepResult(
            ok=call not in self.fails, log=f"{call} {self.says}", memory={"was": "down"}
        )


@contextmanager
def lever() -> Iterator[Lever]:
    """A kind of its own for one test."""
    kind = Lever()
    ports.register_step_kind(kind)
    yield kind


def make_step(
    name: str = "restart",
    *,
    runbook: Runbook | None = None,
    settings: Mapping[str, str] | None = None,
    kind: str = LEVER,
    now: datetime = NOW,
    **wish: Any,
) -> Step:
    """A step of this runbook (a new one unless given) that pulls the lever of web1."""
    runbook = runbook or make_runbook(f"Runbook of {name}")
    number = actions.save_step(
        runbook_id=runbook.pk,
        name=None,
        wish=StepWish(
            name=name,
            title=wish.pop("title", name.capitalize()),
            kind=kind,
            settings={"host": "web1"} if settings is None else settings,
            **wish,
        ),
        now=now,
        actor="system",
    )
    return Step.objects.get(id=number)


def make_parameter(runbook: Runbook, name: str = "host", **more: Any) -> None:
    actions.save_parameter(
        runbook_id=runbook.pk,
        name=None,
        parameter=Parameter(name=name, **more),
        now=NOW,
        actor="system",
    )


def start(runbook: Runbook, *, now: datetime = NOW, actor: str = "system", **more: Any) -> Run:
    number = actions.start_run(runbook_id=runbook.pk, now=now, actor=actor, **more)
    return Run.objects.get(id=number)


def work(now: datetime = NOW, *, most: int = 50) -> int:
    """Do what is due at this moment, as a worker would; returns how many moves it took."""
    for moves in range(most):
        claimed = actions.claim_move(now=now)
        if claimed is None:
            return moves
        if claimed.errand is not None:
            answer = actions.perform(claimed.errand)
            actions.settle(errand=claimed.errand, answer=answer, now=now)
    return most


def states(run: Run) -> tuple[str, list[str]]:
    """Where a run and its steps stand."""
    run.refresh_from_db()
    rows = StepRun.objects.filter(run=run).order_by("position")
    return run.state, [row.state for row in rows]


def log_of(run: Run) -> str:
    rows = StepRun.objects.filter(run=run).order_by("position")
    return "\n".join(text for row in rows for _, text in row.log)


class Site(Struct):
    """A real HTTP server; `answers` are (status, body) for the next requests, the last stays."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "{}")])
    requests: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)


@contextmanager
def site(*answers: tuple[int, str]) -> Iterator[Site]:
    """A server on a free port of the loopback, which keeps what it gets."""
    running = Site(answers=list(answers) or [(200, "{}")])

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            running.requests.append((self.command, self.path, headers, body))
            several = len(running.answers) > 1
            status, text = running.answers.pop(0) if several else running.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as the server calls them

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
