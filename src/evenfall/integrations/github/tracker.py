"""Issues of GitHub and of GitHub Enterprise Server. A key is "owner/repository#12"."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

from evenfall.postmortems import errors
from evenfall.postmortems.adapters import (
    call,
    check_address,
    is_signed,
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

_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_PATH: Final = re.compile(rf"({_REPOSITORY.pattern})/issues/([1-9][0-9]{{0,9}})")
_DROPPED: Final = frozenset({"not_planned", "duplicate"})
_NEWEST: Final = 50


class GitHub:
    """The type of tracker: one repository for new issues, and all that the token may see."""

    type = "github"
    label = "GitHub"
    guide = "link-actions-to-a-tracker.md"
    fields: tuple[TrackerField, ...] = (
        TrackerField(
            name="repository",
            label="Repository",
            help="Where new issues are made, such as “acme/shop”.",
        ),
        TrackerField(
            name="token",
            label="Token",
            help="A fine-grained token that may read and write issues of the repository.",
            is_secret=True,
        ),
        TrackerField(
            name="webhook_secret",
            label="Secret of the webhook",
            help="The same as in the settings of the webhook there. Without one, issues are looked"
            " at every hour only.",
            is_secret=True,
            is_required=False,
        ),
        TrackerField(
            name="web_url",
            label="Address for people",
            help="Change it for GitHub Enterprise Server.",
            default="https://github.com",
        ),
        TrackerField(
            name="api_url",
            label="Address of the API",
            help="For GitHub Enterprise Server: https://<host>/api/v3.",
            default="https://api.github.com",
        ),
    )

    def check(self, values: Mapping[str, str]) -> None:
        check_address(values, "web_url", "api_url")
        if not _REPOSITORY.fullmatch(values["repository"]):
            reason = "the repository is written as “owner/name”."
            raise errors.TrackerNotUsable(reason=reason, field="repository")

    def key_of(self, values: Mapping[str, str], url: str) -> str | None:
        found = _PATH.fullmatch(path_below(values["web_url"], url) or "")
        return None if found is None else f"{found[1].lower()}#{found[2]}"

    async def find(self, account: TrackerAccount, mark: str) -> Issue | None:
        repository = account.values["repository"]
        query = f"state=all&sort=created&direction=desc&per_page={_NEWEST}"
        found = await _call(account, "GET", f"repos/{repository}/issues?{query}")
        marked = [one for one in found or () if mark in text_of(part(one, "body"))]
        return _issue(repository, marked[0]) if marked else None

    async def create(self, account: TrackerAccount, draft: IssueDraft) -> Issue:
        repository = account.values["repository"]
        body = {"title": draft.title, "body": draft.body}
        return _issue(repository, await _call(account, "POST", f"repos/{repository}/issues", body))

    async def fetch(self, account: TrackerAccount, key: str) -> Issue:
        repository, number = _named(key)
        return _issue(repository, await _call(account, "GET", _path(repository, number)))

    async def set_open(self, account: TrackerAccount, key: str, *, is_open: bool) -> Issue:
        repository, number = _named(key)
        body = (
            {"state": "open", "state_reason": "reopened"}
            if is_open
            else {"state": "closed", "state_reason": "completed"}
        )
        found = await _call(account, "PATCH", _path(repository, number), body)
        return _issue(repository, found)

    def hear(self, account: TrackerAccount, headers: Mapping[str, str], body: bytes) -> str:
        signature = headers.get("x-hub-signature-256", "")
        if not is_signed(account.values.get("webhook_secret", ""), signature, body):
            raise WebhookRefused
        said = _payload(body)
        repository = text_of(part(said, "repository", "full_name"))
        number = part(said, "issue", "number")
        if headers.get("x-github-event") != "issues" or not isinstance(number, int):
            return ""
        return f"{repository.lower()}#{number}"


def _payload(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON, also where the webhook is set to send a form."""
    if body.startswith(b"payload="):
        body = parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


async def _call(account: TrackerAccount, method: str, path: str, body: object | None = None) -> Any:  # noqa: ANN401 - JSON
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {account.values['token']}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return await call(method, f"{account.values['api_url'].rstrip('/')}/{path}", headers, body)


def _named(key: str) -> tuple[str, str]:
    repository, _, number = key.partition("#")
    return repository, number


def _path(repository: str, number: str) -> str:
    return f"repos/{repository}/issues/{number}"


def _issue(repository: str, found: Any) -> Issue:  # noqa: ANN401 - JSON
    number, state = part(found, "number"), part(found, "state")
    if not isinstance(number, int) or state not in {"open", "closed"}:
        raise unexpected("an answer that is no issue")
    return Issue(
        key=f"{repository.lower()}#{number}",
        url=text_of(part(found, "html_url")),
        title=text_of(part(found, "title")),
        is_open=state == "open",
        is_dropped=state == "closed" and part(found, "state_reason") in _DROPPED,
    )
