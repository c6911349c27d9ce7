"""Plain JSON tells what changed: documented fields, so that a line of curl will do."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from evenfall.changes.ports import (
    ChangeKind,
    Deploy,
    DeployState,
    Knock,
    Reading,
    Report,
    Sent,
    Signing,
    Snippet,
    Unreadable,
    has_digest,
    sent_objects,
)

_WORDS: Final[Mapping[DeployState, str]] = {
    DeployState.STARTED: "started start running pending queued in_progress begun",
    DeployState.FINISHED: "finished success succeeded successful ok done deployed completed",
    DeployState.FAILED: "failed failure error errored canceled cancelled aborted",
}
_STATES: Final = {word: state for state, words in _WORDS.items() for word in words.split()}
_CURL: Final = """\
curl --fail --json '{
  "id": "deploy-42",
  "service": "checkout",
  "version": "1.4.2",
  "environment": "production",
  "commit": "8c1f4f2",
  "state": "finished"
}' %(address)s"""
_SIGNED: Final = """\
body='{"id": "deploy-42", "service": "checkout", "version": "1.4.2", "state": "finished"}'
digest=$(printf %%s "$body" | openssl dgst -sha256 -hmac '%(secret)s' -hex | sed 's/.* //')
curl --fail --json "$body" -H "X-Evenfall-Signature: sha256=$digest" %(address)s"""


class PlainChanges:
    kind = "json"
    label = "Anything that sends JSON"
    hint = "A line of curl in any pipeline, or a webhook whose body you can write."
    about = "text in the field app"
    signing = Signing.MAY

    def is_signed(self, knock: Knock, *, secret: str) -> bool:
        return has_digest(knock.headers.get("x-evenfall-signature", ""), knock.body, secret)

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:  # noqa: ARG002 - of the port
        return Reading(reports=[_report(one) for one in sent_objects(knock.body)])

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:
        text = (_SIGNED if secret else _CURL) % {"address": address, "secret": secret}
        return (Snippet(where="Last step of a pipeline", text=text),)


def _report(told: Sent) -> Report:
    kind = _kind(told)
    about = told.text("app", "application", "repository", limit=200)
    service = told.text("service", limit=80)
    version = told.text("version", limit=200)
    number = told.text("id", "external_id")
    deploy = _deploy(told, version)
    if deploy.state is DeployState.STARTED and not number:
        raise Unreadable("What only began needs an id, so that its end can be told later.")
    summary = told.text("summary", "title") or _summary(kind, version, service or about)
    return Report(
        summary=summary,
        about=about,
        service=service,
        kind=kind,
        environment=told.text("environment", "env", limit=100),
        external_id=number,
        at=told.moment("at", "started_at", "finished_at"),
        by=told.text("by", "author", limit=200),
        links=_links(told),
        details=_details(told),
        deploy=deploy,
    )


def _kind(told: Sent) -> ChangeKind:
    word = told.text("kind", limit=40).lower()
    if not word:
        return ChangeKind.DEPLOY
    return ChangeKind(word) if word in set(ChangeKind) else ChangeKind.OTHER


def _deploy(told: Sent, version: str) -> Deploy:
    word = told.text("state", "status", limit=40).lower()
    if word and word not in _STATES:
        raise Unreadable(f"The state {word!r} is none of started, finished and failed.")
    return Deploy(
        state=_STATES.get(word, DeployState.FINISHED),
        finished_at=told.moment("finished_at"),
        version=version,
        previous_version=told.text("previous_version", limit=200),
        commit=told.text("commit", "sha", limit=64),
        first_commit_at=told.moment("first_commit_at"),
        pipeline_url=told.text("url", "pipeline_url"),
        is_unplanned=told.flag("unplanned"),
        rolls_back=told.text("rolls_back", limit=200),
    )


def _summary(kind: ChangeKind, version: str, of: str) -> str:
    if not (version or of):
        raise Unreadable("Say what changed: in summary, or by service and version.")
    named = f"{kind.value.capitalize()} {version}".strip()
    return f"{named} of {of}" if of else named


def _links(told: Sent) -> list[dict[str, str]]:
    return [{"href": one.text("href"), "text": one.text("text")} for one in told.parts("links")]


def _details(told: Sent) -> dict[str, Any]:
    return told.tree("details")


CHANGES = PlainChanges()
