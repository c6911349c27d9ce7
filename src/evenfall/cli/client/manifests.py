"""The commands of configuration as code: export, plan, apply, drift."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import NotSetUp

CHANGES: Final = 5
"""Exit code of `plan --exit-code` where something would change, and of `drift` where it has."""
_REFERENCE: Final = re.compile(r"^\s*secret:\s*[\"']?((?:env|file):[^\s\"'#]+)", re.MULTILINE)
_MOST_SHOWN: Final = 60
_SIGNS: Final = {"create": "+", "update": "~", "delete": "-"}

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
    found = api.post("/manifests/plan", _wish(arguments))
    return found, words(found)


def apply(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Plan, ask, apply exactly that plan."""
    wish = _wish(arguments)
    planned = api.post("/manifests/plan", wish)
    if planned["problems"] or not (planned["changes"] or planned["adopted"]):
        return planned, words(planned)
    if not arguments.yes:
        _ask(words(planned))
    done = api.post("/manifests/apply", wish | {"expected": planned["digest"]})
    return done, f"{words(done)}\n\nApplied."


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


def words(found: Document) -> str:
    """A plan in words: problems by file and line, else every change with what differs."""
    if found["problems"]:
        lines = [_problem(one) for one in found["problems"]]
        return "\n".join([*lines, "", f"{len(lines)} to mend; nothing was changed."])
    lines = [line for change in found["changes"] for line in _changed(change)]
    lines += [
        f"= {thing} is there just so, and is managed from now on" for thing in found["adopted"]
    ]
    lines += [f"  {thing} is over and left out" for thing in found["over"]]
    lines += [f"key of {thing}, shown only now: {key}" for thing, key in found["keys"].items()]
    return "\n".join([*lines, "", _sum(found)]) if lines else "Nothing to change."


def _problem(one: Document) -> str:
    where = f"{one['file']}:{one['line']}: " if one["file"] else ""
    return f"{where}{one['what']}: {one['message']}"


def _sum(found: Document) -> str:
    steps = [change["step"] for change in found["changes"]]
    said = ", ".join(f"{steps.count(step)} to {step}" for step in _SIGNS if step in steps)
    return (said or "Nothing to change") + "."


def _changed(change: Document) -> Iterator[str]:
    yield f"{_SIGNS[change['step']]} {change['thing']}"
    if change["step"] == "delete":
        return
    for one in change["fields"][:_MOST_SHOWN]:
        yield f"    {_field(one, is_new=change['step'] == 'create')}"
    more = len(change["fields"]) - _MOST_SHOWN
    if more > 0:
        yield f"    and {more} more"


def _field(one: Document, *, is_new: bool) -> str:
    if is_new:
        return f"{one['path']}: {one['after']}"
    before, after = (_there(one[end]) for end in ("before", "after"))
    return f"{one['path']}: {before} -> {after}"


def _there(value: object) -> str:
    return "(not there)" if value is None else str(value)


def _drifted(one: Document) -> Iterator[str]:
    gone = " is gone" if one["is_gone"] else ""
    yield f"{one['thing']}{gone} (applied {one['applied_at']}, bundle {one['bundle']})"
    for field in one["fields"]:
        yield f"    {_field(field, is_new=False)}"
    for hand in one["hands"]:
        yield f"    {hand['what']} by {hand['actor']} at {hand['at']}"


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
    for text in files.values():
        for reference in _REFERENCE.findall(text):
            kind, _, name = reference.partition(":")
            value = environment.get(name, "") if kind == "env" else _content(Path(name))
            if not value:
                raise NotSetUp(f"{reference} is empty. Set it where this command runs.")
            yield reference, value


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
