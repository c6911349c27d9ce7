"""GitLab tells what changed: deployments, pipelines that deploy, feature flags and pushes.

Webhooks with the secret in ``X-Gitlab-Token``, or signed as Standard Webhooks are (a signing token,
headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``). See docs.gitlab.com,
"Webhook events".
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from evenfall.changes.ports import (
    ChangeKind,
    Commit,
    Deploy,
    DeployState,
    Knock,
    Push,
    Reading,
    Report,
    Sent,
    Signing,
    Snippet,
    has_standard_signature,
    is_secret,
    moment,
    sent,
)

_STATES: Final[Mapping[str, DeployState]] = {
    "created": DeployState.STARTED,
    "running": DeployState.STARTED,
    "success": DeployState.FINISHED,
    "failed": DeployState.FAILED,
    "canceled": DeployState.FAILED,
}
_TIERS: Final = {"production", "staging", "testing", "development"}
_MERGE: Final = ("Merge branch ", "Merge remote-tracking ", "Merge tag ", "Merge commit ")
_TOLERANCE: Final = timedelta(minutes=10)
"""How old a signed request may be: GitLab tries again, but signs anew each time."""


class GitLabChanges:
    kind = "gitlab"
    label = "GitLab"
    hint = "Deployments, pipelines that deploy, feature flags; pushes, for lead times."
    about = "path group/project"
    signing = Signing.ALWAYS

    def is_signed(self, knock: Knock, *, secret: str) -> bool:
        given = knock.headers.get("webhook-signature", "")
        if not given:
            return is_secret(knock.headers.get("x-gitlab-token", ""), secret)
        at = knock.headers.get("webhook-timestamp", "")
        signed_at = moment(int(at)) if at.isascii() and at.isdecimal() and len(at) < 12 else None  # noqa: PLR2004 - digits
        if signed_at is None or abs(knock.at - signed_at) > _TOLERANCE:
            return False
        number = knock.headers.get("webhook-id", "")
        return has_standard_signature(given, number=number, at=at, body=knock.body, secret=secret)

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:
        """What an event tells; a pipeline is a deploy only where a line names it."""
        body = sent(knock.body)
        word = body.text("object_kind", limit=40)
        if word == "deployment":
            return _deployment(body)
        if word == "pipeline":
            return _pipeline(body, names)
        if word == "feature_flag":
            return _flag(body, knock.headers.get("idempotency-key", ""))
        if word == "push":
            return _push(body)
        return Reading(ignored=f"Nothing is read from events of {word or 'no kind'}.")

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:
        return (
            Snippet(where="Project or group, Settings, Webhooks: URL", text=address),
            Snippet(where="Secret token, or signing token", text=secret),
            Snippet(
                where="Trigger",
                text="Push events (default branch)\nDeployment events\nFeature flag events\n"
                "Pipeline events (only if pipelines deploy without environments)",
            ),
        )


def _deployment(body: Sent) -> Reading:
    word = body.text("status", limit=40)
    state = _STATES.get(word)
    if state is None:
        return Reading(ignored=f"A deployment that is {word or 'nothing'} is no news.")
    project, environment = _project(body), body.text("environment", limit=100)
    tier = body.text("environment_tier", limit=40)
    at = body.moment("status_changed_at")
    commit = _commit_of(body)
    version = body.text("ref", limit=200)
    report = Report(
        summary=f"Deploy {version or commit[:8]} of {project} to {environment}",
        about=project,
        environment=tier if tier in _TIERS else environment,
        external_id=f"{project}/deployments/{body.text('deployment_id')}",
        at=at,
        by=body.part("user").text("username", "name"),
        links=_links(
            (body.text("environment_external_url"), "What runs there"),
            (body.text("commit_url"), body.text("commit_title", limit=80) or "The commit"),
        ),
        details={"environment": environment, "tier": tier},
        deploy=Deploy(
            state=state,
            finished_at=None if state is DeployState.STARTED else at,
            version=version,
            commit=commit,
            pipeline_url=body.text("deployable_url"),
        ),
    )
    return Reading(reports=(report,))


def _commit_of(body: Sent) -> str:
    """The whole name of the commit, which only its address holds."""
    last = body.text("commit_url").rpartition("/")[2]
    short = body.text("short_sha", limit=64)
    return last if short and last.startswith(short) else short


def _pipeline(body: Sent, names: frozenset[str]) -> Reading:
    told, project = body.part("object_attributes"), _project(body)
    about = f"{project}#pipeline"
    if about not in names:
        return Reading(ignored=f"No line names {about}, so it is no deploy.")
    is_default = told.text("ref") == body.part("project").text("default_branch")
    if not (is_default or told.flag("tag")):
        return Reading(ignored="Only pipelines of the default branch and of tags deploy.")
    state = _STATES.get(told.text("status"))
    if state is None:
        return Reading(ignored=f"A pipeline that is {told.text('status', limit=40)} is no news.")
    report = Report(
        summary=f"Pipeline of {project} at {told.text('sha', limit=64)[:8]}",
        about=about,
        repository=project,
        external_id=f"{project}/pipelines/{told.text('id')}",
        at=told.moment("created_at"),
        by=body.part("user").text("username", "name"),
        links=_links((told.text("url"), "The pipeline")),
        details={"ref": told.text("ref")},
        deploy=Deploy(
            state=state,
            finished_at=told.moment("finished_at"),
            version=told.text("ref", limit=200) if told.flag("tag") else "",
            commit=told.text("sha", limit=64),
            pipeline_url=told.text("url"),
        ),
    )
    return Reading(reports=(report,))


def _flag(body: Sent, number: str) -> Reading:
    told, project = body.part("object_attributes"), _project(body)
    verb = "on" if told.flag("active") else "off"
    report = Report(
        summary=f"Feature flag {told.text('name', limit=200)} of {project} switched {verb}",
        about=project,
        kind=ChangeKind.FLAG,
        external_id=f"{project}/flags/{number}" if number else "",
        by=body.part("user").text("username", "name"),
        links=_links((body.part("project").text("web_url"), project)),
        details={"description": told.text("description")},
    )
    return Reading(reports=(report,))


def _push(body: Sent) -> Reading:
    branch = body.part("project").text("default_branch", limit=200)
    if body.text("ref") != f"refs/heads/{branch}":
        return Reading(ignored="Only pushes to the default branch count for lead times.")
    commits = [_commit(one) for one in body.parts("commits")]
    known = tuple(one for one in commits if one is not None)
    push = Push(about=_project(body), commits=known)
    return Reading(push=push, ignored=f"{len(known)} commits are remembered for lead times.")


def _commit(told: Sent) -> Commit | None:
    at, sha = told.moment("timestamp"), told.text("id", limit=64)
    if at is None or not sha:
        return None
    return Commit(sha=sha, authored_at=at, is_merge=told.text("message").startswith(_MERGE))


def _project(body: Sent) -> str:
    return body.part("project").text("path_with_namespace", limit=200)


def _links(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"href": href, "text": text} for href, text in pairs if href]


CHANGES = GitLabChanges()
