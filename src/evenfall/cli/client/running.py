"""Running one command: the account, the answer, the exit code."""

import argparse
import getpass
import json
import os
import sys

from evenfall.cli.client import account, foresight, manifests, releases, reports
from evenfall.cli.client.account import Account
from evenfall.cli.client.api import Api
from evenfall.cli.client.commands import COMMANDS, Answer
from evenfall.cli.client.errors import ClientError, NotSetUp
from evenfall.platform.clock import utc_now


def run(name: str, arguments: argparse.Namespace) -> int:
    """Run a command and print what it says; return the exit code."""
    try:
        if name == "backup-drill":
            return reports.backup_drill(dict(os.environ), arguments)
        data, words = _login(arguments) if name == "login" else _asked(name, arguments)
    except ClientError as error:
        print(f"evenfall: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(data, indent=2, ensure_ascii=False) if arguments.json else words)
    if name in manifests.COMMANDS:
        return manifests.exit_code(name, arguments, data)
    if name in foresight.COMMANDS:
        return foresight.exit_code(data)
    return releases.exit_code(data) if name == "gate" else 0


def _asked(name: str, arguments: argparse.Namespace) -> Answer:
    with Api(account.load(os.environ)) as api:
        known = {**COMMANDS, **releases.COMMANDS, **foresight.COMMANDS, **manifests.COMMANDS}
        return known[name](api, arguments, utc_now())


def _login(arguments: argparse.Namespace) -> Answer:
    """Try the token before it is kept."""
    url = arguments.url or os.environ.get("EVENFALL_URL") or _ask("Address of Evenfall: ")
    wanted = Account(url=account.clean_url(url), token=arguments.token or _ask_secret())
    with Api(wanted) as api:
        person = api.get("/me")["person"]
    path = account.save(wanted, os.environ)
    said = {"url": wanted.url, "person": person, "file": str(path)}
    return said, f"Signed in to {wanted.url} as {person['name']}. Kept in {path}."


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise NotSetUp("Give the address with --url.")
    return input(prompt)


def _ask_secret() -> str:
    """Read the token without showing it; from a pipe, its first line."""
    typed = getpass.getpass("API token: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not typed.strip():
        raise NotSetUp("A token is needed. Create one under Profile, API tokens.")
    return typed.strip()
