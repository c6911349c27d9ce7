"""``evenfall``: the processes of an installation, and a client for the common acts."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evenfall import __version__
from evenfall.cli import client
from evenfall.config.embedded import OtherPostgresError
from evenfall.config.environment import WrongSetting

# as `config.lanes.LANES`, which loads Django
_LANES = ("intake", "paging", "slow", "chat", "steps", "rollouts")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (2: wrong usage or settings)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenfall.config.settings")
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except WrongSetting as error:
        print(error, file=sys.stderr)
        return 2
    except OtherPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evenfall", description=__doc__)
    parser.add_argument("--version", action="version", version=f"evenfall {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add(commands, "up", _up, "run everything: database, web and workers, in one tree")
    _add(commands, "web", _web, "run the web process")
    worker = _add(commands, "worker", _worker, "run a worker")
    worker.add_argument(
        "--lane",
        action="append",
        choices=_LANES,
        help="what it works on; may be given several times (default: all)",
    )
    _add(commands, "migrate", _migrate, "bring the database and the static files up to date")
    _add(commands, "doctor", _doctor, "check everything a run needs and say how to mend it")
    _add(commands, "database-url", _database_url, "print the address of the database in use")
    _add(commands, "admin-link", _admin_link, "print the one-time link for the first administrator")
    fakes = _add(commands, "fakes", _fakes, "serve fakes of the providers, to rehearse with")
    fakes.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    fakes.add_argument("--port", type=int, default=9797, help="default: %(default)s")
    _runner_command(commands)
    client.register(commands)
    return parser


def _runner_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    runner = _add(commands, "runner", _runner, "do commands on this machine that runbooks ask for")
    runner.add_argument("--url", default="", help="address of the installation")
    runner.add_argument("--name", required=True, help="its name in the list of runners")
    runner.add_argument("--allow", required=True, type=Path, help="file with what it may do")
    runner.add_argument(
        "--token-file", type=Path, help="file with its token (else EVENFALL_RUNNER_TOKEN)"
    )


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: object,
    help_text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help_text, description=help_text)
    command.set_defaults(run=run)
    return command


# Each command imports what it needs when it is called: ``evenfall up`` must not load Django, and
# the client must start in a fraction of a second.


def _up(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.up import up  # noqa: PLC0415 - see above

    return up()


def _web(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.processes import web  # noqa: PLC0415 - see above

    return web()


def _worker(arguments: argparse.Namespace) -> int:
    from evenfall.cli.processes import worker  # noqa: PLC0415 - see above

    return worker(tuple(arguments.lane or _LANES))


def _migrate(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.processes import migrate  # noqa: PLC0415 - see above

    return migrate()


def _database_url(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.processes import database_url  # noqa: PLC0415 - see above

    return database_url()


def _admin_link(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.processes import admin_link  # noqa: PLC0415 - see above

    return admin_link()


def _doctor(_arguments: argparse.Namespace) -> int:
    from evenfall.cli.doctor import doctor  # noqa: PLC0415 - see above

    return doctor()


def _fakes(arguments: argparse.Namespace) -> int:
    from evenfall.fakes.all import all_vendors  # noqa: PLC0415 - see above
    from evenfall.fakes.server import serve  # noqa: PLC0415 - see above

    print(f"Fakes of the providers on http://{arguments.host}:{arguments.port}/_/ (Ctrl-C ends)")
    serve(all_vendors(), host=arguments.host, port=arguments.port)
    return 0


def _runner(arguments: argparse.Namespace) -> int:
    from evenfall.cli.runner.working import start  # noqa: PLC0415 - see above

    return start(
        url=arguments.url,
        name=arguments.name,
        allow=arguments.allow,
        token_file=arguments.token_file,
    )


if __name__ == "__main__":
    sys.exit(main())
