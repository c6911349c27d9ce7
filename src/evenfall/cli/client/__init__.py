"""The client of the command line: who is on call, what is wrong, answer, page, declare, roll back.

It speaks to an installation over its REST API and needs nothing of it on this machine. Exit codes:
0 done, 1 the server refused, 2 wrong usage or not set up, 3 the server cannot be reached, 4 not
signed in or not allowed.
"""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Final

_EXIT_CODES: Final = (
    "exit codes: 0 done, 1 refused by the server, 2 wrong usage or not set up, "
    "3 server not reachable, 4 not signed in or not allowed"
)
_GATE_CODES: Final = (
    "exit codes: 0 all gates pass, 1 one fails or the server refused, 2 wrong usage or not set up, "
    "3 nobody knows (also: server not reachable), 4 not signed in or not allowed"
)
_PLAN_CODES: Final = (
    "exit codes: 0 nothing differs or nobody asked, 1 problems or refused, 2 wrong usage or not "
    "set up, 3 server not reachable, 4 not signed in or not allowed, 5 something differs"
)
_WHAT_IF_CODES: Final = (
    "exit codes: 0 within all limits, 1 a limit is broken or the server refused, 2 wrong usage or "
    "not set up, 3 server not reachable, 4 not signed in or not allowed"
)
_WHAT_IF_LIMITS: Final = {
    "max-pages-per-person": "fail when anybody would be paged more often",
    "max-nights-per-person": "fail when anybody would be paged more often at night",
    "max-pages": "fail when there would be more pages in all",
}
_KINDS_OF_CHANGE: Final = (
    *("rule", "rules", "order", "silence", "maintenance", "inhibition", "policy", "rota"),
)
_KINDS: Final = ("feature", "fix", "security", "p0", "rollback")
_STATES: Final = (
    *("live", "open", "acknowledged", "fixing", "monitoring", "paused"),
    *("resolved", "review", "closed", "declined", "merged", "all"),
)
_ALERT_STATES: Final = ("live", "open", "acknowledged", "resolved", "all")
_SEVERITIES: Final = ("critical", "error", "warning", "info")
_SEVS: Final = ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5")

type Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name for it


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the client's commands; what they need is imported when one of them runs."""
    _login(subparsers)
    _oncall(subparsers)
    _alerts(subparsers)
    _incidents(subparsers)
    _ack(subparsers)
    _resolve(subparsers)
    _page(subparsers)
    _declare(subparsers)
    _backup_report(subparsers)
    _backup_drill(subparsers)
    _drift_report(subparsers)
    _rollback(subparsers)
    _gate(subparsers)
    _quality(subparsers)
    _deployed(subparsers)
    _export(subparsers)
    _plan(subparsers)
    _apply(subparsers)
    _drift(subparsers)
    _whatif(subparsers)
    _findings(subparsers)


def _add(commands: Commands, name: str, help_text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help_text, description=help_text, epilog=_EXIT_CODES)
    command.add_argument("--json", action="store_true", help="print JSON for machines")
    command.set_defaults(run=_runner(name))
    return command


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        # httpx alone takes longer to import than `evenfall --help` may last
        code: int = import_module("evenfall.cli.client.running").run(name, arguments)
        return code

    return run


def _login(commands: Commands) -> None:
    command = _add(commands, "login", "keep the address of an installation and a token for it")
    command.add_argument(
        "--url", help="address of the installation, such as https://evenfall.example"
    )
    command.add_argument(
        "--token", help="API token; asked for when left out, so that it stays out of the history"
    )


def _oncall(commands: Commands) -> None:
    command = _add(commands, "oncall", "who is on call")
    command.add_argument("--team", metavar="SLUG", help="only the rotas of this team")
    command.add_argument("--at", metavar="TIME", help="at another time, ISO 8601 (default: now)")


def _alerts(commands: Commands) -> None:
    command = _add(commands, "alerts", "what the monitoring tools say")
    _filters(command, _ALERT_STATES, _SEVERITIES)


def _incidents(commands: Commands) -> None:
    command = _add(commands, "incidents", "what people work on, or should")
    _filters(command, _STATES, _SEVS)


def _filters(
    command: argparse.ArgumentParser, states: tuple[str, ...], severities: tuple[str, ...]
) -> None:
    command.add_argument("text", nargs="?", default="", help="only those with this in their title")
    command.add_argument("--state", choices=states, default="live")
    command.add_argument("--severity", choices=severities)
    command.add_argument("--service", metavar="SLUG", help="only those of this service")
    command.add_argument("--limit", type=int, default=20, help="how many at most (default: 20)")


def _ack(commands: Commands) -> None:
    command = _add(commands, "ack", "acknowledge incidents: nobody else is called")
    command.add_argument("ids", nargs="+", metavar="ID", help="number of an incident")
    command.add_argument("--on-it", action="store_true", help="also say that you work on it")


def _resolve(commands: Commands) -> None:
    command = _add(commands, "resolve", "resolve incidents: they are over")
    command.add_argument("ids", nargs="+", metavar="ID", help="number of an incident")
    command.add_argument(
        "--not-actionable", action="store_true", help="nobody should have been called for it"
    )


def _page(commands: Commands) -> None:
    command = _add(
        commands,
        "page",
        "page whoever answers for a service (declares an incident), or one person",
    )
    command.add_argument(
        "target",
        help="slug of a service, or address or name of a person; service:… or user:… to be exact",
    )
    command.add_argument("text", help="what is wrong, in a few words")
    command.add_argument("--severity", choices=_SEVS, default="SEV3")
    command.add_argument("--low", action="store_true", help="low urgency: wake nobody")


def _declare(commands: Commands) -> None:
    command = _add(commands, "declare", "declare an incident, and see what it may be the same as")
    command.add_argument("title", help="what is wrong, in a few words")
    command.add_argument("--severity", choices=_SEVS, default="SEV3")
    command.add_argument("--service", metavar="SLUG", help="the service it hits")
    command.add_argument("--team", metavar="SLUG", help="the team that answers, if not its owner")
    command.add_argument("--environment", choices=("PROD", "UAT", "DEV"), default="PROD")
    command.add_argument("--text", default="", help="what is known so far")
    command.add_argument("--low", action="store_true", help="low urgency: wake nobody")
    command.add_argument("--no-page", action="store_true", help="call nobody")
    command.add_argument("--private", action="store_true", help="only those named see it")
    command.add_argument("--key", help="declare once: the same key again names the same incident")


def _backup_report(commands: Commands) -> None:
    command = _add(commands, "backup-report", "report a backup to its monitor")
    _monitor(command)
    command.add_argument("--size", type=int, metavar="BYTES", help="size of the backup")
    command.add_argument("--finished-at", metavar="TIME", help="ISO 8601 (default: now)")
    command.add_argument("--failed", action="store_true", help="it failed")
    command.add_argument("--note", default="", help="a few words about it")


def _backup_drill(commands: Commands) -> None:
    command = _add(
        commands,
        "backup-drill",
        "run a restore, measure it, report it to its monitor, and exit as it did",
    )
    _monitor(command)
    command.add_argument(
        "command", nargs="+", metavar="COMMAND", help="the restore, behind two dashes"
    )


def _drift_report(commands: Commands) -> None:
    command = _add(commands, "drift-report", "report a live state to its monitor")
    _monitor(command)
    command.add_argument("--file", required=True, help="file with the state; - reads the input")


def _monitor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--monitor", type=int, required=True, metavar="ID", help="number of the monitor"
    )


def _rollback(commands: Commands) -> None:
    command = _add(commands, "rollback", "all traffic of a service back to its stable version, now")
    command.add_argument("service", metavar="SERVICE", help="slug of the service")
    command.add_argument("--environment", choices=("PROD", "UAT", "DEV"), default="PROD")
    command.add_argument("--reason", default="", help="why, in a few words")


def _gate(commands: Commands) -> None:
    command = _add(commands, "gate", "ask whether a version may go to an environment")
    command.epilog = _GATE_CODES
    _release(command)
    command.add_argument(
        "--wait", default="0", metavar="TIME", help="ask until it passes, such as 30m (default: 0)"
    )


def _quality(commands: Commands) -> None:
    command = _add(commands, "quality", "push what a pipeline found out about a version")
    _version(command)
    command.add_argument("--name", required=True, help="what was looked at, such as unit-tests")
    command.add_argument("--result", required=True, choices=("pass", "fail"))
    command.add_argument("--text", default="", help="such as 812 passed")
    command.add_argument("--link", default="", metavar="URL", help="where to look")


def _deployed(commands: Commands) -> None:
    command = _add(commands, "deployed", "report that a deploy begins, or how it ended")
    _release(command)
    command.add_argument(
        "phase", choices=("started", "finished", "failed", "rolled-back", "proven")
    )
    command.add_argument("--reason", default="", help="why it failed or was rolled back")
    command.add_argument("--downtime", type=int, metavar="MINUTES", help="as it was measured")
    command.add_argument(
        "--anyway", action="store_true", help="it begins whatever the gates say; this is reviewed"
    )


def _version(command: argparse.ArgumentParser) -> None:
    command.add_argument("--service", required=True, metavar="SLUG")
    command.add_argument("--version", required=True, help="such as 1.4.2")


def _release(command: argparse.ArgumentParser) -> None:
    _version(command)
    command.add_argument(
        "--environment", required=True, help="name of a stage, or PROD, UAT or DEV"
    )
    command.add_argument("--kind", choices=_KINDS, help="why it goes out (default: feature)")
    command.add_argument("--commit", default="", help="what it was built from")
    command.add_argument("--image", default="", help="such as registry.example/shop:1.4.2")
    command.add_argument("--notes", default="", help="what changes")
    command.add_argument("--rollback-plan", default="", help="how to get back")


def _export(commands: Commands) -> None:
    command = _add(commands, "export", "print the configuration as YAML, without secrets")
    command.add_argument(
        "--kinds", default="", metavar="KINDS", help="only these, such as teams,services"
    )
    command.add_argument("--output", default="", metavar="FILE", help="write it there")


def _plan(commands: Commands) -> None:
    command = _add(commands, "plan", "say what applying these files would change")
    command.epilog = _PLAN_CODES
    _manifest(command)
    command.add_argument(
        "--days", type=int, default=7, help="of recorded alerts to replay with it (default: 7)"
    )
    command.add_argument("--no-effect", action="store_true", help="replay nothing")
    command.add_argument(
        "--markdown", default="", metavar="FILE", help="write it there too, for a pull request"
    )
    command.add_argument(
        "--exit-code", action="store_true", help="end with 5 where something would change"
    )


def _apply(commands: Commands) -> None:
    command = _add(commands, "apply", "make everything as these files say, or nothing")
    _manifest(command)
    command.add_argument("--yes", action="store_true", help="do not ask")


def _drift(commands: Commands) -> None:
    command = _add(commands, "drift", "say what was changed by other hands since it was applied")
    command.epilog = _PLAN_CODES
    command.add_argument("--bundle", default="", metavar="NAME", help="only what this one manages")


def _manifest(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="FILE", help="YAML files, or folders of them")
    command.add_argument(
        "--bundle", default="default", metavar="NAME", help="what these files are together"
    )
    command.add_argument("--revision", default="", help="what they are called, such as a commit")
    command.add_argument(
        "--may-empty", action="store_true", help="delete all that the bundle manages if they say so"
    )


def _whatif(commands: Commands) -> None:
    command = _add(commands, "whatif", "replay recorded alerts with a change nobody saved yet")
    command.epilog = _WHAT_IF_CODES
    command.add_argument(
        "files", nargs="*", metavar="FILE", help="the change as YAML or JSON; - is standard input"
    )
    command.add_argument("--kind", choices=_KINDS_OF_CHANGE, help="what the file is the body of")
    command.add_argument("--id", type=int, help="what is changed; without it, something new")
    command.add_argument("--delete", action="store_true", help="what if it were not there?")
    command.add_argument("--days", type=int, default=7, help="how many days (default: 7)")
    command.add_argument("--title", default="", help="what the record is called")
    command.add_argument("--wait", default="10m", metavar="TIME", help="at most (default: 10m)")
    for name, text in _WHAT_IF_LIMITS.items():
        command.add_argument(f"--{name}", type=int, metavar="N", help=text)
    command.add_argument(
        "--fail-if-unpaged",
        choices=_SEVERITIES,
        metavar="SEVERITY",
        help="fail when alerts at least as bad, which page somebody now, would page nobody",
    )
    command.add_argument(
        "--fail-if-unreached", action="store_true", help="fail when a page reaches only an inbox"
    )


def _findings(commands: Commands) -> None:
    command = _add(commands, "findings", "list what would keep a page from reaching anybody")
    command.add_argument("--team", metavar="SLUG", help="only those of a team")
    command.add_argument("--look", action="store_true", help="look at everything first")
    command.add_argument(
        "--fail-on",
        choices=("serious", "warning", "hint"),
        help="exit with 1 when there is one at least as heavy",
    )
