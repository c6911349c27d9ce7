"""The deployer: a command on a named runner, which gets version and side as arguments.

The runner must allow it with exactly the parameters service, environment, version and side. It may
be asked for twice, where a worker died in between: a deploy of what is there already must be fine.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from evenfall.integrations.script.kind import ScriptUnclear
from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_own_connections
from evenfall.rollouts.ports import Deployed, Deployment, Order, StepField
from evenfall.runbooks import actions, queries

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_LIMIT: Final = timedelta(hours=1)


class CommandDeployer:
    """See `Deployer`."""

    name = "command"
    label = "Command on a runner"
    fields: Sequence[StepField] = (
        StepField(name="runner", label="Runner", help="Its name in the list of runners."),
        StepField(name="command", label="Command", help="Its name in the runner's own list."),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        for name in ("runner", "command"):
            if not _NAME.fullmatch(settings[name]):
                reason = "Letters, digits, dots, dashes and underscores only."
                raise ScriptUnclear(field=f"deploy_{name}", reason=reason)

    def begin(
        self,
        settings: Mapping[str, str],
        order: Order,
        *,
        time_limit_s: float,  # noqa: ARG002 - it only asks
    ) -> Deployment:
        arguments = {
            "service": order.service,
            "environment": order.environment,
            "version": order.version,
            "side": order.side,
        }

        def ask() -> int:
            return actions.ask_runner(
                name=settings["runner"],
                command=settings["command"],
                arguments=arguments,
                limit=_LIMIT,
                now=utc_now(),
            )

        work_id = in_own_connections(ask)
        return Deployment(state=Deployed.RUNNING, memory={"work": str(work_id)})

    def look(
        self,
        settings: Mapping[str, str],  # noqa: ARG002 - of the port
        order: Order,  # noqa: ARG002 - of the port
        memory: Mapping[str, str],
        *,
        time_limit_s: float,  # noqa: ARG002 - it only looks
    ) -> Deployment:
        work = in_own_connections(lambda: queries.work_of_runner(int(memory["work"])))
        if work.state != "done":
            return Deployment(state=Deployed.RUNNING, words=work.state, memory=memory)
        state = Deployed.DONE if work.ok else Deployed.FAILED
        return Deployment(state=state, words=work.output[-400:], memory=memory)
