"""Writes the reference pages that come from code: settings, events, permissions, OpenAPI.

``--check`` only compares; a test runs it, so that a page never tells what the code no longer does.
"""

import inspect
import json
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from msgspec import structs

REFERENCE = Path("docs/reference")
_MARK = "<!-- Written by `make docs`. Change the code, not this page. -->\n\n"


def settings_page() -> str:
    from evenfall.config.environment import Environment, variable  # noqa: PLC0415 - after set-up

    rows = [
        f"| `{variable(item.name)}` | {item.metadata['default'] or '(empty)'} "
        f"| {item.metadata['help']} |"
        for item in fields(Environment)
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "All settings are environment variables. Each may also be given as `NAME_FILE`, the",
            "path of a file that holds the value. A wrong value stops the start and names it.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def events_page() -> str:
    import evenfall.config.urls  # noqa: F401, PLC0415 - loads every domain, so that no event is missing
    from evenfall.config.subscriptions import SUBSCRIPTIONS  # noqa: PLC0415 - after set-up
    from evenfall.platform.events import known_kinds  # noqa: PLC0415 - after set-up

    lines = [
        "# Events",
        "",
        "Everything that happens is one of these facts in the journal. Beside its own fields each",
        "has `at` (UTC) and `actor` (`user:3`, `token:9`, `integration:4`, `system`).",
        "",
        "| kind | fields | meaning | reactors |",
        "|---|---|---|---|",
    ]
    for kind, event in sorted(known_kinds().items()):
        if not event.__module__.startswith("evenfall."):
            continue
        own = ", ".join(
            f"`{f.name}`" for f in structs.fields(event) if f.name not in ("at", "actor")
        )
        doc = "" if event.__doc__ is None else inspect.cleandoc(event.__doc__).split("\n")[0]
        meaning = "" if doc.startswith(event.__name__ + "(") else doc
        reactors = ", ".join(s.reactor for s in SUBSCRIPTIONS if kind in s.kinds)
        lines.append(f"| `{kind}` | {own} | {meaning} | {reactors} |")
    return "\n".join([*lines, ""])


def permissions_page() -> str:
    from evenfall.identity.permissions import (  # noqa: PLC0415 - after set-up
        Permission,
        Role,
        needed_role,
    )

    head = "| permission | " + " | ".join(role.value for role in Role) + " |"
    rows = [
        f"| `{permission.value}` | "
        + " | ".join("✓" if role >= needed_role(permission) else "" for role in Role)
        + " |"
        for permission in Permission
    ]
    return "\n".join(
        [
            "# Permissions",
            "",
            "A person has one role for the site and may have a higher one in a team; what belongs",
            "to the team is then judged by the higher of both. API tokens carry permissions as",
            "scopes.",
            "",
            head,
            "|---|" + "---|" * len(Role),
            *rows,
            "",
        ]
    )


def openapi() -> str:
    from evenfall.config.api import api  # noqa: PLC0415 - after set-up

    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), indent=1, default=str) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "events.md": events_page,
    "permissions.md": permissions_page,
    "openapi.json": openapi,
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenfall.config.settings")
    os.environ.setdefault("EVENFALL_SECRET_KEY", "for the reference only")
    import django  # noqa: PLC0415 - settings are named only now

    django.setup()
    stale = [name for name, page in PAGES.items() if not _is_fresh(name, page())]
    if "--check" not in sys.argv:
        for name in stale:
            (REFERENCE / name).write_text(_text(name, PAGES[name]()))
        print("written:", ", ".join(stale) or "nothing, all fresh")
        return 0
    print("\n".join(f"docs/reference/{name} is stale: run make docs" for name in stale) or "fresh")
    return 1 if stale else 0


def _text(name: str, page: str) -> str:
    return _MARK + page if name.endswith(".md") else page


def _is_fresh(name: str, page: str) -> bool:
    file = REFERENCE / name
    return file.exists() and file.read_text() == _text(name, page)


if __name__ == "__main__":
    sys.exit(main())
