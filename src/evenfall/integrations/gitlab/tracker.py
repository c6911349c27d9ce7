"""Issues of gitlab.com and of own servers. A key is "group/project#12"."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec

from evenfall.postmortems import errors
from evenfall.postmortems.adapters import (
    call,
    check_address,
    is_same,
    part,
    path_below,
    text_of,
    unexpected,
)
from evenfall.postmortems.ports import (
    Issue,
    IssueDraft,
    TrackerAccount,
    TrackerField,
    WebhookRefused,
)

_PROJECT: Final = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+")
_PATH: Final = re.compile(
    rf"({_PROJECT.pattern}?)(?:/-)?/(?:issues|work_items)/([1-9][0-9]{{0,9}})"
)
_EVENTS: Final = frozenset({"Issue Hook", "Confidential Issue Hook"})
_NEWEST: Final = 50


class GitLab:
    """The type of tracker: one project for new issues, and all that the token may see."""

    type = "gitlab"
    label = "GitLab"
    guide = "link-actions-to-a-tracker.md"
    fields: tuple[TrackerField, ...] = (
        TrackerField(
            name="project",
            label="Project",
            help="Where new issues are made, such as “acme/shop”.",
        ),
        TrackerField(
            name="token",
            label="Token",
            help="Of the project, with the scope “api” and the role Planner or more.",
            is_secret=True,
        ),
        TrackerField(
            name="webhook_secret",
            label="Secret token of the webhook",
            help="The same as in the settings of the webhook there. Without one, issues are looked"
            " at every hour only.",
            is_secret=True,
            is_required=False,
        ),
        TrackerField(name="url", label="Address", default="https://gitlab.com"),
    )

    def check(self, values: Mapping[str, str]) -> None:
        check_address(values, "url")
        if not _PROJECT.fullmatch(values["project"]):
            reason = "the project is written as “group/project”."
            raise errors.TrackerNotUsable(reason=reason, field="project")

    def key_of(self, values: Mapping[str, str], url: str) -> str | None:
        found = _PATH.fullmatch(path_below(values["url"], url) or "")
        return None if found is None else f"{found[1].lower()}#{found[2]}"

    async def find(self, account: TrackerAccount, mark: str) -> Issue | None:
        project = account.values["project"]
        query = f"issues?order_by=created_at&sort=desc&per_page={_NEWEST}"
        found = await _call(account, "GET", project, query)
        marked = [one for one in found or () if mark in text_of(part(one, "description"))]
        return _issue(project, marked[0]) if marked else None

    async def create(self, account: TrackerAccount, draft: IssueDraft) -> Issue:
        project = account.values["project"]
        body = {"title": draft.title, "description": draft.body}
        return _issue(project, await _call(account, "POST", project, "issues", body))

    async def fetch(self, account: TrackerAccount, key: str) -> Issue:
        project, _, number = key.partition("#")
        return _issue(project, await _call(account, "GET", project, f"issues/{number}"))

    async def set_open(self, account: TrackerAccount, key: str, *, is_open: bool) -> Issue:
        project, _, number = key.partition("#")
        body = {"state_event": "reopen" if is_open else "close"}
        return _issue(project, await _call(account, "PUT", project, f"issues/{number}", body))

    def hear(self, account: TrackerAccount, headers: Mapping[str, str], body: bytes) -> str:
        if not is_same(account.values.get("webhook_secret", ""), headers.get("x-gitlab-token", "")):
            raise WebhookRefused
        try:
            said = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return ""
        number = part(said, "object_attributes", "iid")
        if headers.get("x-gitlab-event") not in _EVENTS or not isinstance(number, int):
            return ""
        return f"{text_of(part(said, 'project', 'path_with_namespace')).lower()}#{number}"


async def _call(
    account: TrackerAccount, method: str, project: str, path: str, body: object | None = None
) -> Any:  # noqa: ANN401 - JSON
    root = f"{account.values['url'].rstrip('/')}/api/v4/projects/{quote(project, safe='')}"
    return await call(method, f"{root}/{path}", {"PRIVATE-TOKEN": account.values["token"]}, body)


def _issue(project: str, found: Any) -> Issue:  # noqa: ANN401 - JSON
    number, state = part(found, "iid"), part(found, "state")
    if not isinstance(number, int) or state not in {"opened", "closed"}:
        raise unexpected("an answer that is no issue")
    return Issue(
        key=f"{project.lower()}#{number}",
        url=text_of(part(found, "web_url")),
        title=text_of(part(found, "title")),
        is_open=state == "opened",
    )
