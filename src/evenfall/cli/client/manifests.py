"""The commands of configuration as code: export, plan, apply, drift."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from evenfall.cli.client import plan_words
from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import NotSetUp
from evenfall.cli.client.plan_words import field_words, words

CHANGES: Final = 5
"""Exit code of `plan --exit-code` where something would change, and of `drift` where it has."""
_REFERENCE: Final = re.compile(r"(env|file):.+")

type Answer = tuple[object, str]
type Document = dict[str, Any]


def export(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Fetch everything as one file, or print it."""
    text = api.text("/manifests/export", kinds=arguments.kinds)
    if not arguments.output:
        return {"text": text}, text.rstrip("\n")
    path = Path(arguments.output)
    path.write_text(text, encoding="utf-8")
    return {"file": str(path)}, f"Written to {path}."


def plan(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Say what applying would do."""
    days = 0 if arguments.no_effect else arguments.days
    found = api.post("/manifests/plan", _wish(arguments) | {"days": days})
    if arguments.markdown:
        text = plan_words.markdown(found, api.url)
        Path(arguments.markdown).write_text(text, encoding="utf-8")
    return found, words(found, api.url)


def apply(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Plan, ask, apply exactly that plan."""
    wish = _wish(arguments)
    planned = api.post("/manifests/plan", wish | {"days": 0})
    if planned["problems"] or not (planned["changes"] or planned["adopted"]):
        return planned, words(planned, api.url)
    if not arguments.yes:
        _ask(words(planned, api.url))
    done = api.post("/manifests/apply", wish | {"expected": planned["digest"]})
    return done, f"{words(done, api.url)}\n\nApplied."


def drift(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Say what other hands changed since it was applied."""
    found = api.get("/manifests/drift", bundle=arguments.bundle)
    lines = [line for one in found["items"] for line in _drifted(one)]
    return found, "\n".join(lines) or "Everything is as it was applied."


COMMANDS: Final = {"export": export, "plan": plan, "apply": apply, "drift": drift}


def exit_code(name: str, arguments: argparse.Namespace, found: object) -> int:
    """What a shell sees: 1 for problems, 5 where something differs and that was asked for."""
    if not isinstance(found, dict):
        return 0
    if found.get("problems"):
        return 1
    if name == "drift":
        return CHANGES if found["items"] else 0
    return CHANGES if name == "plan" and arguments.exit_code and found["changes"] else 0


def _drifted(one: Document) -> Iterator[str]:
    gone = " is gone" if one["is_gone"] else ""
    yield f"{one['thing']}{gone} (applied {one['applied_at']}, bundle {one['bundle']})"
    for field in one["fields"]:
        yield f"    {field_words(field, is_new=False)}"
    for hand in one["hands"]:
        yield f"    {hand['what']} by {hand['name']} at {hand['at']}"


def _wish(arguments: argparse.Namespace) -> Document:
    files = dict(_files(arguments.files))
    return {
        "bundle": arguments.bundle,
        "files": files,
        "secrets": dict(_secrets(files, os.environ)),
        "revision": arguments.revision,
        "may_empty": arguments.may_empty,
    }


def _files(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Each file, and each .yaml and .yml below each folder, with its text."""
    for path in map(Path, paths):
        if not path.exists():
            raise NotSetUp(f"There is no {path}.")
        inside = sorted((*path.rglob("*.yaml"), *path.rglob("*.yml")))
        for file in inside if path.is_dir() else (path,):
            try:
                yield str(file), file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise NotSetUp(f"{file} cannot be read: {error}.") from error


def _secrets(files: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The values of what the files name, read here: the server sees no file and no environment."""
    for reference in sorted({one for text in files.values() for one in references(text)}):
        kind, _, name = reference.partition(":")
        value = environment.get(name, "") if kind == "env" else _content(Path(name))
        if not value:
            raise NotSetUp(f"{reference} is empty. Set it where this command runs.")
        yield reference, value


def references(text: str) -> set[str]:
    """What the integrations of a file name; a file that is no YAML is refused by the server."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return set()
    section = found.get("integrations") if isinstance(found, dict) else None
    things = section.values() if isinstance(section, dict) else ()
    said = {one.get(name) for one in things if isinstance(one, dict) for name in ("key", "secret")}
    return {one for one in said if isinstance(one, str) and _REFERENCE.fullmatch(one)}


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotSetUp(f"{path} cannot be read: {error}.") from error


def _ask(said: str) -> None:
    if not sys.stdin.isatty():
        raise NotSetUp("Say --yes to apply where nobody can be asked.")
    print(said)
    if input("\nApply this? Type yes: ").strip().lower() != "yes":
        raise NotSetUp("Nothing was applied.")
