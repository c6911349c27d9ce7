"""Issues of Jira. A key is Jira's own, such as "OPS-12"."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

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
    TrackerError,
    TrackerField,
    WebhookRefused,
)

_PROJECT: Final = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_PATH: Final = re.compile(rf"(?:.*/)?browse/({_PROJECT.pattern}-[1-9][0-9]{{0,9}})")
_FIELDS: Final = "summary,status,resolution"
_DONE: Final = "done"
_DROPPED: Final = ("won't", "wont", "duplicate", "cannot reproduce", "declined", "rejected")
_LABEL: Final = 200


class Jira:
    """The type of tracker: one project for new issues, and all that the account may see."""

    type = "jira"
    label = "Jira"
    guide = "link-actions-to-a-tracker.md"
    fields: tuple[TrackerField, ...] = (
        TrackerField(
            name="url",
            label="Address",
            help="Such as https://acme.atlassian.net, as people see it.",
        ),
        TrackerField(
            name="project", label="Project", help="The key of the project for new issues: “OPS”."
        ),
        TrackerField(name="issue_type", label="Type of new issues", default="Task"),
        TrackerField(
            name="email",
            label="Email of the account",
            help="For the cloud. Leave it empty on an own server.",
            is_required=False,
        ),
        TrackerField(
            name="token",
            label="Token",
            help="An API token of this account; on an own server a personal access token.",
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
    )

    def check(self, values: Mapping[str, str]) -> None:
        check_address(values, "url")
        if not _PROJECT.fullmatch(values["project"]):
            reason = "the key of a project has capital letters and digits, such as “OPS”."
            raise errors.TrackerNotUsable(reason=reason, field="project")

    def key_of(self, values: Mapping[str, str], url: str) -> str | None:
        found = _PATH.fullmatch(path_below(values["url"], url) or "")
        return None if found is None else found[1]

    async def find(self, account: TrackerAccount, mark: str) -> Issue | None:
        """By the label that `create` gave: texts of Jira are searched a while later only."""
        jql = quote(f'labels = "{_label(mark)}" ORDER BY created DESC', safe="")
        try:
            found = await _call(account, "GET", f"search/jql?jql={jql}&fields={_FIELDS}")
        except TrackerError as error:
            if not error.is_gone:
                raise
            # own servers know the older address of the search only
            found = await _call(account, "GET", f"search?jql={jql}&fields={_FIELDS}")
        issues = part(found, "issues") or []
        return _issue(account, issues[0]) if issues else None

    async def create(self, account: TrackerAccount, draft: IssueDraft) -> Issue:
        values = account.values
        fields = {
            "project": {"key": values["project"]},
            "issuetype": {"name": values["issue_type"]},
            "summary": draft.title,
            "description": draft.body,
            "labels": [_label(draft.mark)],
        }
        made = await _call(account, "POST", "issue", {"fields": fields})
        return await self.fetch(account, text_of(part(made, "key")))

    async def fetch(self, account: TrackerAccount, key: str) -> Issue:
        path = f"issue/{quote(key, safe='')}?fields={_FIELDS}"
        return _issue(account, await _call(account, "GET", path))

    async def set_open(self, account: TrackerAccount, key: str, *, is_open: bool) -> Issue:
        path = f"issue/{quote(key, safe='')}/transitions"
        found = part(await _call(account, "GET", path), "transitions") or []
        fitting = [one for one in found if _leads_to_open(one) is is_open]
        if not fitting:
            word = "an open" if is_open else "a done"
            message = f"{key} has no transition to {word} state that this account may use"
            raise TrackerError(message, is_final=True)
        await _call(account, "POST", path, {"transition": {"id": part(fitting[0], "id")}})
        return await self.fetch(account, key)

    def hear(self, account: TrackerAccount, headers: Mapping[str, str], body: bytes) -> str:
        signature = headers.get("x-hub-signature", "")
        if not is_signed(account.values.get("webhook_secret", ""), signature, body):
            raise WebhookRefused
        try:
            said = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return ""
        if not text_of(part(said, "webhookEvent")).startswith("jira:issue_"):
            return ""
        return text_of(part(said, "issue", "key"))


async def _call(account: TrackerAccount, method: str, path: str, body: object | None = None) -> Any:  # noqa: ANN401 - JSON
    values = account.values
    proof = f"Bearer {values['token']}"
    if values.get("email"):
        proof = "Basic " + b64encode(f"{values['email']}:{values['token']}".encode()).decode()
    url = f"{values['url'].rstrip('/')}/rest/api/2/{path}"
    return await call(method, url, {"Authorization": proof}, body)


def _label(mark: str) -> str:
    """A label without blanks that stands for this mark alone."""
    return "evenfall-" + re.sub(r"[^A-Za-z0-9]+", "-", mark).strip("-").lower()[-_LABEL:]


def _leads_to_open(transition: Any) -> bool | None:  # noqa: ANN401 - JSON
    category = text_of(part(transition, "to", "statusCategory", "key"))
    return None if not category else category != _DONE


def _issue(account: TrackerAccount, found: Any) -> Issue:  # noqa: ANN401 - JSON
    key = text_of(part(found, "key"))
    category = text_of(part(found, "fields", "status", "statusCategory", "key"))
    if not key or not category:
        raise unexpected("an answer that is no issue")
    is_open = category != _DONE
    resolution = text_of(part(found, "fields", "resolution", "name")).casefold()
    return Issue(
        key=key,
        url=f"{account.values['url'].rstrip('/')}/browse/{key}",
        title=text_of(part(found, "fields", "summary")),
        is_open=is_open,
        is_dropped=not is_open and resolution.startswith(_DROPPED),
    )
