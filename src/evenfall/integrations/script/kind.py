"""The kind of step: a command on a named runner, one that takes it back, and one that tests.

It waits for the runner in the database, in connections of its own thread, which it closes.
"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_own_connections
from evenfall.platform.errors import Invalid
from evenfall.runbooks import actions, queries
from evenfall.runbooks.ports import FieldType, StepField, StepResult
from evenfall.runbooks.queries import RunnerView

POLL_S: Final = 0.2
# longer than the engine waits after the limit: then it knows that nobody knows
BEYOND_S: Final = 4.0
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_MOST_VALUE: Final = 500
_MOST_ARGUMENTS: Final = 20
CONDITION: Final = "command"


class ScriptUnclear(Invalid):
    """{reason}"""

    code = "script.unclear"


def _lines(name: str, label: str) -> StepField:
    text = "One a line, such as port=8004. Values may hold parameters: port={{port}}"
    return StepField(name=name, label=label, type=FieldType.LINES, required=False, help=text)


class ScriptStep:
    """See `StepKind`."""

    name = "script"
    label = "Command on a runner"
    conditions: Sequence[tuple[str, str]] = ((CONDITION, "The test command ends well (exit 0)"),)
    fields: Sequence[StepField] = (
        StepField(name="runner", label="Runner", help="Its name in the list of runners."),
        StepField(name="command", label="Command", help="Its name in the runner's own list."),
        _lines("arguments", "Arguments"),
        StepField(
            name="undo_command",
            label="Command of the undo",
            required=False,
            help="Empty when there is no way back.",
        ),
        _lines("undo_arguments", "Arguments of the undo"),
        StepField(name="test_command", label="Test command", required=False),
        _lines("test_arguments", "Arguments of the test"),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        for name in ("runner", "command", "undo_command", "test_command"):
            if settings.get(name) and not _NAME.fullmatch(settings[name]):
                reason = "Letters, digits, dots, dashes and underscores only."
                raise ScriptUnclear(field=name, reason=reason)
        for name in ("arguments", "undo_arguments", "test_arguments"):
            _arguments(settings, name)

    def target(self, settings: Mapping[str, str]) -> str:
        return f"runner:{settings['runner']}/{settings['command']}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:  # noqa: ARG002 - of the port
        return in_own_connections(lambda: _forecast(settings))

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        return in_own_connections(lambda: _ask(settings, "", time_limit_s))

    def test(
        self,
        condition: str,  # noqa: ARG002 - there is one
        settings: Mapping[str, str],
        memory: Mapping[str, str],  # noqa: ARG002 - of the port
        *,
        time_limit_s: float,
    ) -> StepResult:
        if not settings.get("test_command"):
            return StepResult(ok=False, log="The step has no test command.")
        return in_own_connections(lambda: _ask(settings, "test_", time_limit_s))

    def undo(
        self,
        settings: Mapping[str, str],
        memory: Mapping[str, str],  # noqa: ARG002 - the undo has arguments of its own
        *,
        time_limit_s: float,
    ) -> StepResult | None:
        if not settings.get("undo_command"):
            return None
        return in_own_connections(lambda: _ask(settings, "undo_", time_limit_s))


def _ask(settings: Mapping[str, str], prefix: str, time_limit_s: float) -> StepResult:
    deadline = time.monotonic() + time_limit_s
    runner, command = settings["runner"], settings[f"{prefix}command"]
    work_id = actions.ask_runner(
        name=runner,
        command=command,
        arguments=_arguments(settings, f"{prefix}arguments"),
        limit=timedelta(seconds=time_limit_s),
        now=utc_now(),
    )
    while time.monotonic() < deadline + BEYOND_S:
        work = queries.work_of_runner(work_id)
        if work.state == "done":
            return StepResult(ok=work.ok, log=f"{runner}: {command}\n{work.output}".strip())
        if time.monotonic() >= deadline and actions.cancel_work(work_id=work_id):
            return _nobody_came(runner, time_limit_s)
        time.sleep(POLL_S)
    # nobody reads this any more: the engine gave up a moment ago, and calls the run unknown
    return StepResult(ok=False, log=f"{runner} took the work and did not come back.")


def _nobody_came(runner: str, time_limit_s: float) -> StepResult:
    seen = queries.runner_named(runner, now=utc_now())
    last = seen.last_seen_at if seen is not None else None
    when = f"last seen {last:%Y-%m-%d %H:%M:%S} UTC" if last else "never seen"
    log = f"{runner} did not ask for work within {time_limit_s:g} s ({when}). Nothing was run."
    return StepResult(ok=False, log=log)


def _arguments(settings: Mapping[str, str], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in settings.get(name, "").splitlines():
        if not line.strip():
            continue
        key, equals, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not _NAME.fullmatch(key) or len(value) > _MOST_VALUE or key in found:
            reason = "Write name=value, each name once and one a line; at most 500 characters each."
            raise ScriptUnclear(field=name, reason=reason)
        found[key] = value
    if len(found) > _MOST_ARGUMENTS:
        raise ScriptUnclear(field=name, reason="At most twenty arguments.")
    return found


def _forecast(settings: Mapping[str, str]) -> StepResult:
    """What the runner said that it allows; whether the values fit, it alone decides."""
    runner = queries.runner_named(settings["runner"], now=utc_now())
    if runner is None:
        return StepResult(ok=False, log=f"There is no runner {settings['runner']}.")
    if not runner.is_there:
        return StepResult(ok=False, log=f"{runner.name} does not ask for work now. Is it running?")
    lines, is_fine = [f"{runner.name} is there."], True
    for prefix in ("", "undo_", "test_"):
        if settings.get(f"{prefix}command"):
            problem = _problem(runner, settings, prefix)
            lines.append(problem or _would(runner, settings, prefix))
            is_fine = is_fine and not problem
    return StepResult(ok=is_fine, log="\n".join(lines))


def _template(runner: RunnerView, command: str) -> Mapping[str, Any] | None:
    return next((one for one in runner.commands if one.get("name") == command), None)


def _problem(runner: RunnerView, settings: Mapping[str, str], prefix: str) -> str:
    command = settings[f"{prefix}command"]
    template = _template(runner, command)
    if template is None:
        known = ", ".join(str(one.get("name")) for one in runner.commands) or "nothing"
        return f"{runner.name} does not allow {command}. It allows: {known}."
    wanted, given = (
        set(template.get("parameters", ())),
        set(_arguments(settings, f"{prefix}arguments")),
    )
    if wanted != given:
        return f"{command} wants the arguments {', '.join(sorted(wanted)) or 'none'}."
    return ""


def _would(runner: RunnerView, settings: Mapping[str, str], prefix: str) -> str:
    template = _template(runner, settings[f"{prefix}command"]) or {}
    values = _arguments(settings, f"{prefix}arguments")
    said = [str(part) for part in template.get("argv", ())]
    for name, value in values.items():
        said = [part.replace(f"{{{name}}}", value) for part in said]
    word = {"": "Would run", "undo_": "The undo would run", "test_": "The test would run"}[prefix]
    return f"{word}: {' '.join(said)}"
