"""The traffic port. What is there is read back once in a while: each look is a command."""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from evenfall.integrations.nginx.splitting import config_of
from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_own_connections
from evenfall.platform.errors import DomainError, Invalid
from evenfall.rollouts.ports import Capabilities, Seen, Split, StepField
from evenfall.runbooks import actions, queries

LOOKS_EVERY_S: Final = 30.0
POLL_S: Final = 0.1
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_SHORT: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


class NginxUnclear(Invalid):
    """{reason}"""

    code = "nginx.unclear"


class NginxFailed(DomainError):
    """nginx was not switched: {reason}"""

    code = "nginx.failed"
    status = 502


class NginxTraffic:
    """See `TrafficPort` and the package."""

    name = "nginx"
    label = "nginx, by a runner"
    capabilities = Capabilities(headers=True, baseline=True)
    fields: Sequence[StepField] = (
        StepField(name="runner", label="Runner", help="Its name in the list of runners."),
        StepField(name="command", label="Command", help="Its name in the runner's own list."),
        StepField(
            name="name",
            label="Name of the split",
            help="checkout makes the variable $evenfall_checkout: blue or green, or baseline.",
        ),
    )

    def __init__(self) -> None:
        self._looked: dict[tuple[str, ...], float] = {}

    def check(self, settings: Mapping[str, str]) -> None:
        for name in ("runner", "command"):
            if not _NAME.fullmatch(settings[name]):
                reason = "Letters, digits, dots, dashes and underscores only."
                raise NginxUnclear(field=f"traffic_{name}", reason=reason)
        if not _SHORT.fullmatch(settings["name"]):
            reason = "Small letters, digits and underscores, a letter first."
            raise NginxUnclear(field="traffic_name", reason=reason)

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        config = config_of(settings["name"], split)
        return self._asked(settings, config, config, time_limit_s)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        config = config_of(settings["name"], split)
        looked = self._looked.get(_key(settings, config))
        if looked is not None and time.monotonic() - looked < LOOKS_EVERY_S:
            return Seen(fits=True, words=config)
        return self._asked(settings, "", config, time_limit_s)

    def _asked(self, settings: Mapping[str, str], said: str, wanted: str, limit_s: float) -> Seen:
        # before the file stands what nginx had to say
        printed = in_own_connections(lambda: _run(settings, said, limit_s))
        shown = next(reversed(printed.strip().splitlines()), "")
        # whatever was known of this file is not known any more
        self._looked = {k: at for k, at in self._looked.items() if k[:3] != _key(settings, "")[:3]}
        if shown == wanted:
            self._looked[_key(settings, wanted)] = time.monotonic()
        return Seen(fits=shown == wanted, words=shown[:400] or "The file is empty.")


def _key(settings: Mapping[str, str], config: str) -> tuple[str, ...]:
    return (settings["runner"], settings["command"], settings["name"], config)


def _run(settings: Mapping[str, str], config: str, limit_s: float) -> str:
    """What the command printed; raises NginxFailed, RunnerNotFound."""
    deadline = time.monotonic() + limit_s
    work_id = actions.ask_runner(
        name=settings["runner"],
        command=settings["command"],
        arguments={"config": config},
        limit=timedelta(seconds=limit_s),
        now=utc_now(),
    )
    while time.monotonic() < deadline:
        work = queries.work_of_runner(work_id)
        if work.state == "done" and not work.ok:
            raise NginxFailed(reason=work.output[-300:].strip() or "the command failed.")
        if work.state == "done":
            return work.output
        time.sleep(POLL_S)
    actions.cancel_work(work_id=work_id)
    raise NginxFailed(reason=f"{settings['runner']} did not answer in {limit_s:g} s.")
