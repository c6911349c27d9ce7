"""The documentation holds together: nothing dangles, nothing is left out, nothing is unchecked."""

import json
import re
from configparser import ConfigParser
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests import documentation
from tests.documentation import ROOT, Block

from evenfall.alerting.logic.causes import LINGER
from evenfall.alerting.logic.expressions import compile_condition
from evenfall.alerting.logic.grouping import DEFAULT_WINDOW
from evenfall.cli import main as command_line
from evenfall.config import environment
from evenfall.config.registries import STEP_KINDS
from evenfall.integrations.generic.mapping import USUAL_NAMES
from evenfall.notifications.actions.claiming import CLAIM_LEASE
from evenfall.notifications.actions.sending import SEND_LEASE
from evenfall.notifications.logic.verification import CODE_LIFETIME
from evenfall.paging.logic.machine import CATCH_ALL_EVERY
from evenfall.paging.logic.policy import ACK_TIMEOUT_MINUTES
from evenfall.platform.wall_clock import instant
from evenfall.runbooks import ports

WIDTH = 100
RUN_BY_SCENARIOS = {"sh", "python", "yaml", "url"}
CHECKED_HERE = {"usage", "env", "ini", "rule", "json"}
ILLUSTRATION = {"text"}
# a machine's own folders and package hosts; every one of these was once in somebody's notes
# put together from words, so that this rule does not break itself
PACKAGE_HOSTS = [r"\.".join(words) for words in (("pypi", "org"), ("files", "pythonhosted"))]
FOLDERS = [rf"/{name}/" for name in ("root", "tmp", "work", "Users")]
NOT_OURS = re.compile(
    "|".join([r"/home/\w", *FOLDERS, r"C:\\", r"\.internal\b", r"\.corp\b", *PACKAGE_HOSTS])
)


def named(*kinds: str) -> list[object]:
    return [pytest.param(block, id=block.name) for block in documentation.blocks(*kinds)]


def test_every_link_leads_somewhere() -> None:
    dangling = [
        f"{page}: {target}"
        for page in documentation.pages()
        for target in documentation.links(page)
        if not _leads(page, target)
    ]
    assert dangling == []


def _leads(page: str, target: str) -> bool:
    if target.startswith(("https://", "http://", "mailto:")):
        return True
    path, _, anchor = target.partition("#")
    file = ROOT / page if not path else ((ROOT / page).parent / path).resolve()
    if not file.exists():
        return False
    name = str(file.relative_to(ROOT))
    return not anchor or anchor in documentation.headings(name)


def test_every_page_can_be_found_from_the_index() -> None:
    linked = {
        str(((ROOT / page).parent / target.partition("#")[0]).resolve().relative_to(ROOT))
        for page in ("README.md", "docs/README.md")
        for target in documentation.links(page)
        if not target.startswith(("http", "#"))
    }
    unlisted = {
        page
        for page in documentation.pages()
        if page.startswith("docs/") and page not in linked | {"docs/README.md"}
    }
    assert unlisted <= {"docs/adr/0000-template.md"}


def test_every_setting_is_in_the_reference() -> None:
    page = documentation.pages()["docs/reference/settings.md"]
    names = [environment.variable(item.name) for item in fields(environment.Environment)]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_kind_of_step_is_in_the_reference_with_its_settings() -> None:
    page = documentation.pages()["docs/reference/step-kinds.md"]
    ours = [one for one in ports.step_kinds() if type(one).__module__.startswith("evenfall.")]
    assert len(ours) == len(STEP_KINDS) + 1, "webhook is a channel and a kind of step"
    for kind in ours:
        _, _, behind = page.partition(f"## `{kind.name}`: {kind.label}\n")
        told, _, _ = behind.partition("\n## ")
        needed = {f"**`{one.name}`**" for one in kind.fields if one.required}
        may_be = {f"`{one.name}`" for one in kind.fields if not one.required}
        conditions = {f"`{name}`" for name, _ in kind.conditions}
        assert {words for words in needed | may_be | conditions if words not in told} == set()
        assert {words for words in may_be if f"**{words}**" in told} == set()


def test_lines_are_short_enough_to_read_in_a_terminal() -> None:
    long = [
        f"{page}: {line}"
        for page, text in documentation.pages().items()
        for line in documentation.FENCE.sub("", text).splitlines()
        if len(line) > WIDTH and not line.startswith(("|", "<!--"))
    ]
    assert long == []


def test_pages_name_no_machine_of_ours() -> None:
    found = {page: NOT_OURS.findall(text) for page, text in documentation.pages().items()}
    assert {page: words for page, words in found.items() if words} == {}


def test_every_block_says_what_it_is() -> None:
    known = RUN_BY_SCENARIOS | CHECKED_HERE | ILLUSTRATION
    unknown = [block.name for block in documentation.blocks() if block.kind not in known]
    assert unknown == [], "say in the fence what it is; see tests/documentation.py"


@pytest.mark.parametrize("block", named("usage"))
def test_commands_are_understood(block: Block) -> None:
    parser = command_line._parser()
    for line in block.text.splitlines():
        words = line.partition("#")[0].split()
        assert words[0] == "evenfall"
        assert parser.parse_args(words[1:]).run


@pytest.mark.parametrize("block", named("env"))
def test_settings_exist_and_can_be_read(block: Block) -> None:
    given = dict(line.split("=", 1) for line in block.text.splitlines())
    known = {environment.variable(item.name) for item in fields(environment.Environment)}
    assert {name.removesuffix("_FILE") for name in given} <= known
    plain = {name: value for name, value in given.items() if not name.endswith("_FILE")}
    environment.read({"EVENFALL_SECRET_KEY": "for a test", **plain})


@pytest.mark.parametrize("block", named("ini"))
def test_units_start_a_command_of_ours(block: Block) -> None:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign] # the documented way to keep case
    unit.read_string(block.text)
    program, *words = unit["Service"]["ExecStart"].split()
    assert program.endswith("/.venv/bin/evenfall")
    assert command_line._parser().parse_args(words).run
    assert unit["Service"]["KillMode"] == "mixed", "the supervisor ends its children in order"


@pytest.mark.parametrize("block", named("rule"))
def test_conditions_can_be_compiled(block: Block) -> None:
    for line in block.text.splitlines():
        compile_condition(line)


@pytest.mark.parametrize("block", named("json"))
def test_json_can_be_parsed(block: Block) -> None:
    assert json.loads(block.text)


def test_the_weeks_of_berlin_are_as_long_as_told() -> None:
    page = documentation.pages()["docs/explanation/on-call-and-daylight-saving.md"]
    weeks = re.findall(r"\| (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d) \| (\d+) \|", page)
    assert len(weeks) == 3
    for *days, hours in weeks:
        walls = [datetime.fromisoformat(f"{day}T09:00") for day in days]
        start, end = (instant(wall, ZoneInfo("Europe/Berlin")) for wall in walls)
        assert (end - start).total_seconds() == int(hours) * 3600


def test_the_names_of_plain_json_are_all_told() -> None:
    page = documentation.pages()["docs/how-to/connect-anything-with-json.md"]
    known = {name for names in USUAL_NAMES.values() for name in names}
    assert [name for name in sorted(known) if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("explanation/how-an-alert-becomes-a-page", f"within {SEND_LEASE.seconds} seconds"),
        (
            "explanation/how-an-alert-becomes-a-page",
            f"environment come in the last {DEFAULT_WINDOW.seconds // 60} minutes",
        ),
        (
            "explanation/how-an-alert-becomes-a-page",
            f"administrators every {CATCH_ALL_EVERY.seconds // 60} minutes",
        ),
        ("how-to/wait-for-causes", f"when the cause ends, {LINGER.seconds // 60} minutes later"),
        ("how-to/write-an-escalation-policy", f"again after {ACK_TIMEOUT_MINUTES} minutes"),
        ("how-to/be-paged-by-mail", f"works for {CODE_LIFETIME.seconds // 60} minutes"),
        ("adr/0010-at-least-once-sending", f"a lease of {CLAIM_LEASE.seconds} seconds"),
    ],
)
def test_a_figure_is_that_of_the_code(page: str, told: str) -> None:
    assert told in " ".join(documentation.pages()[f"docs/{page}.md"].split())
