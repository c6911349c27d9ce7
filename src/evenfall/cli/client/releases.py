"""The commands of pipelines: ask the gates, push a result, report a deploy."""

import argparse
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import NotSetUp
from evenfall.cli.client.tables import table

EXIT_CODES: Final = {"pass": 0, "fail": 1, "unknown": 3}
"""Two is wrong usage. An Evenfall that does not answer is three too: nobody knows."""
POLL_S: Final = 10.0
_SPAN: Final = re.compile(r"(\d+)\s*(s|m|h)?")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, None: 60}
_HEAD: Final = ["GATE", "ANSWER", "WHY", "WHAT WOULD CHANGE IT"]

type Answer = tuple[object, str]
type Document = dict[str, Any]


def gate(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Ask all gates; with --wait until they pass, somebody says no, or time is up."""
    wait_s = seconds(arguments.wait)
    found = wait_until_open(lambda: api.post("/gate", _release(arguments)), wait_s=wait_s)
    return found, words(found, api.url)


def wait_until_open(
    ask: Callable[[], Document],
    *,
    wait_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Document:
    """Return the first answer that passes or is final, else the last one within `wait_s`."""
    ends = clock() + wait_s
    while True:
        found = ask()
        left = ends - clock()
        if found["verdict"] == "pass" or found["is_final"] or left <= 0:
            return found
        sleep(min(POLL_S, left))


def quality(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Push what a pipeline found out."""
    made = api.post(
        "/quality",
        {
            "service": arguments.service,
            "version": arguments.version,
            "name": arguments.name,
            "is_good": arguments.result == "pass",
            "text": arguments.text,
            "link": arguments.link,
        },
    )
    return made, f"Pushed {arguments.name}: {api.url}/releases/{made['release_id']}/"


def deployed(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Report that a deploy begins, or how it ended."""
    body = _release(arguments) | {
        "phase": arguments.phase.replace("-", "_"),
        "anyway": arguments.anyway,
        "reason": arguments.reason,
        "downtime_minutes": arguments.downtime,
    }
    made = api.post("/deployed", body)
    where = f"{arguments.service} {made['version']} in {made['stage']}"
    return made, f"{where} is {made['state']}: {api.url}/releases/{made['release_id']}/"


def words(found: Document, url: str) -> str:
    """The answers as a table, with the whole answer and where to look below."""
    rows = [
        [one["title"], _said(one), one["exception"] or one["why"], one["change"]]
        for one in found["gates"]
    ]
    where = f"{found['service']} {found['version']} to {found['stage']}"
    return f"{table(_HEAD, rows)}\n\n{where}: {found['verdict']}. {url}{found['url']}"


def exit_code(found: object) -> int:
    """What a shell sees of an answer of the gates."""
    return EXIT_CODES.get(found["verdict"], 3) if isinstance(found, dict) else 3


def seconds(text: str) -> float:
    """Read 90s, 30m, 2h, or minutes without a unit. Raises NotSetUp."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise NotSetUp(f"{text} is not a time to wait. Write it like 30m or 2h.")
    return float(int(found[1]) * _UNITS[found[2]])


def _said(one: Document) -> str:
    return "exception" if one["exception"] else str(one["verdict"])


def _release(arguments: argparse.Namespace) -> Document:
    given = {
        "kind": arguments.kind,
        "commit": arguments.commit,
        "image": arguments.image,
        "notes": arguments.notes,
        "rollback_plan": arguments.rollback_plan,
    }
    return {
        "service": arguments.service,
        "version": arguments.version,
        "environment": arguments.environment,
        **{name: value for name, value in given.items() if value},
    }


COMMANDS: Final = {"gate": gate, "quality": quality, "deployed": deployed}
