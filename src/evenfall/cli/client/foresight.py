"""What would a change do, and what does not reach anybody: both with an exit code for pipelines."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import ClientError, NotSetUp
from evenfall.cli.client.releases import seconds
from evenfall.cli.client.tables import table

POLL_S: Final = 2.0
SEVERITIES: Final = ("critical", "error", "warning", "info")
WEIGHTS: Final = ("serious", "warning", "hint")
_HEAD: Final = ["WHO", "AS IT IS", "PROPOSED", "NIGHTS AS IT IS", "NIGHTS PROPOSED", "REALLY"]
_FINDINGS: Final = ["WEIGHT", "OWNER", "FINDING", "MEND"]
_LARGEST: Final = 2_000_000

type Answer = tuple[object, str]
type Document = dict[str, Any]


def whatif(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """Ask, wait for the answer, and say which limits it breaks."""
    body = {"changes": changes_of(arguments), "days": arguments.days, "title": arguments.title}
    found = _answered(
        api, api.post("/what-if", body), wait_s=seconds(arguments.wait), sleep=time.sleep
    )
    report = found["report"]
    broken = broken_limits(report, arguments) if report else [found["problem"]]
    found["broken"] = broken
    return found, words(found, broken, api.url)


def _answered(
    api: Api, found: Document, *, wait_s: float, sleep: Callable[[float], None]
) -> Document:
    waited = 0.0
    while found["state"] in {"waiting", "working"}:
        if waited >= wait_s:
            where = f"{api.url}/what-if/{found['id']}/"
            raise ClientError(f"No answer within {wait_s:.0f} s; look at {where} later.")
        sleep(POLL_S)
        waited += POLL_S
        found = api.get(f"/what-if/{found['id']}")
    return found


def changes_of(arguments: argparse.Namespace) -> list[Document]:
    """Read the changes from files, or from standard input (-). Raises NotSetUp.

    A document has `changes`, or is one (with `kind`), or, with --kind, is the body of one.
    """
    if arguments.delete:
        if not arguments.kind or arguments.id is None:
            raise NotSetUp("--delete needs --kind and --id.")
        return [{"kind": arguments.kind, "id": arguments.id, "body": None}]
    if not arguments.files:
        raise NotSetUp("Name a file with the change, or - for standard input.")
    return [one for name in arguments.files for one in _of_file(name, arguments)]


def _of_file(name: str, arguments: argparse.Namespace) -> list[Document]:
    try:
        text = sys.stdin.read(_LARGEST) if name == "-" else Path(name).read_text(encoding="utf-8")
        found = yaml.safe_load(text)
    except (OSError, UnicodeError) as error:
        raise NotSetUp(f"Cannot read {name}: {error}.") from error
    except yaml.YAMLError as error:
        raise NotSetUp(f"{name} is neither YAML nor JSON: {error}.") from error
    if arguments.kind:
        if arguments.kind == "rules" and isinstance(found, list):
            found = {"items": found}
        return [{"kind": arguments.kind, "id": arguments.id, "body": _plain(found, name)}]
    whole = _plain(found, name)
    changes = whole.get("changes", [whole])
    if not isinstance(changes, list) or not all(_is_change(one) for one in changes):
        raise NotSetUp(f"{name} names no kind of change. Add `kind:`, or say --kind.")
    return [{"id": None, **one} for one in changes]


def _is_change(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("kind"), str)


def _plain(found: object, name: str) -> Document:
    """A mapping whose times are texts again: YAML reads 2026-11-20 as a date."""
    if not isinstance(found, dict):
        raise NotSetUp(f"{name} is not a mapping of names to values.")
    plain: Document = _texts(found)
    return plain


def _texts(value: Any) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, dict):
        return {str(key): _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def broken_limits(report: Document, arguments: argparse.Namespace) -> list[str]:
    """Which of the limits that were asked for the answer breaks, in words."""
    most, nights = arguments.max_pages_per_person, arguments.max_nights_per_person
    people = report["people"]
    broken = [
        f"{one['name']} would be paged {one['proposed']} times, more than {most}"
        for one in people
        if most is not None and one["proposed"] > most
    ]
    broken += [
        f"{one['name']} would be paged {one['nights_proposed']} times at night, more than {nights}"
        for one in people
        if nights is not None and one["nights_proposed"] > nights
    ]
    pages = report["proposed"]["pages"]
    if arguments.max_pages is not None and pages > arguments.max_pages:
        broken.append(f"There would be {pages} pages, more than {arguments.max_pages}")
    if arguments.fail_if_unpaged:
        worse = SEVERITIES[: SEVERITIES.index(arguments.fail_if_unpaged) + 1]
        count = sum(report["unpaged"].get(severity, 0) for severity in worse)
        if count:
            broken.append(
                f"{count} alert(s) of severity {' or '.join(worse)} that page somebody now would "
                "page nobody"
            )
    if arguments.fail_if_unreached and report["proposed"]["unreached"]:
        broken.append(f"{report['proposed']['unreached']} page(s) would reach only an inbox")
    return broken


def words(found: Document, broken: Sequence[str], url: str) -> str:
    """The answer as a table, what is different, and the limits that are broken."""
    where = f"{url}/what-if/{found['id']}/"
    report = found["report"]
    if not report:
        return f"{found['problem']} {where}"
    lines = [found["headline"], ""]
    if report["people"]:
        names = ("name", "as_is", "proposed", "nights_as_is", "nights_proposed", "really")
        lines += [table(_HEAD, [[str(one[n]) for n in names] for one in report["people"]]), ""]
    lines += [
        f"- {one['title']} ({one['severity']}, alert {one['alert_id']}): "
        f"{one['after']} instead of {one['before']}"
        for one in (*report["stopped"][:20], *report["started"][:20])
    ]
    lines += [f"✗ {one}" for one in broken]
    lines.append(f"{report['alerts']} alerts replayed. All of it: {where}")
    return "\n".join(lines)


def findings(api: Api, arguments: argparse.Namespace, _now: datetime) -> Answer:
    """List what would keep a page from reaching anybody."""
    team_id = _team_id(api, arguments.team) if arguments.team else None
    if arguments.look:
        api.post("/findings/look", {})
    found = api.get("/findings", team_id=team_id)
    rows = [
        [
            one["weight"],
            one["person"] or one["team"] or "the site",
            f"{one['title']}. {one['why']}",
            f"{one['mend']}: {api.url}{one['mend_url']}",
        ]
        for one in found["items"]
    ]
    limit = WEIGHTS.index(arguments.fail_on) if arguments.fail_on else -1
    found["failing"] = sum(WEIGHTS.index(one["weight"]) <= limit for one in found["items"])
    nothing = "Nothing was found." if found["looked_at"] else "Nobody has looked yet: use --look."
    return found, table(_FINDINGS, rows) if rows else nothing


def _team_id(api: Api, slug: str) -> int:
    for team in api.get("/teams")["items"]:
        if team["slug"] == slug:
            return int(team["id"])
    raise ClientError(f"There is no team {slug}.")


def exit_code(found: object) -> int:
    """One where a limit is broken or a finding weighs enough."""
    return int(isinstance(found, dict) and bool(found.get("broken") or found.get("failing")))


COMMANDS: Final = {"whatif": whatif, "findings": findings}
