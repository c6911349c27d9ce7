"""GitHub tells what changed: deployments, workflows that deploy, releases and pushes.

Webhooks of `deployment`, `deployment_status`, `workflow_run`, `release` and `push`, signed in
``X-Hub-Signature-256``. See docs.github.com, "Webhook events and payloads".
"""

import json
from collections.abc import Mapping, Sequence
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
    Unreadable,
    has_digest,
    sent,
)

_STATES: Final[Mapping[str, DeployState]] = {
    "pending": DeployState.STARTED,
    "queued": DeployState.STARTED,
    "waiting": DeployState.STARTED,
    "in_progress": DeployState.STARTED,
    "success": DeployState.FINISHED,
    "failure": DeployState.FAILED,
    "error": DeployState.FAILED,
}
_CONCLUSIONS: Final[Mapping[str, DeployState]] = {
    "success": DeployState.FINISHED,
    "failure": DeployState.FAILED,
    "timed_out": DeployState.FAILED,
    "startup_failure": DeployState.FAILED,
}
_PUBLISHED: Final = {"published", "released"}
_MERGE: Final = ("Merge pull request ", "Merge branch ", "Merge remote-tracking ", "Merge tag ")


class GitHubChanges:
    kind = "github"
    label = "GitHub"
    hint = "Deployments, workflows that deploy, releases; pushes, so that lead times are known."
    about = "name owner/repository"
    signing = Signing.ALWAYS

    def is_signed(self, knock: Knock, *, secret: str) -> bool:
        return has_digest(knock.headers.get("x-hub-signature-256", ""), knock.body, secret)

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:
        """What an event tells; a workflow is a deploy only where a line names it."""
        event = knock.headers.get("x-github-event", "")
        if not event:
            raise Unreadable("There is no X-GitHub-Event. Is this a webhook of GitHub?")
        if knock.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise Unreadable("Choose the content type application/json for the webhook.")
        body = sent(knock.body)
        if event in {"deployment", "deployment_status"}:
            return _deployment(body)
        if event == "workflow_run":
            return _workflow(body, names)
        if event == "release":
            return _release(body)
        if event == "push":
            return _push(body)
        return Reading(ignored=f"Nothing is read from events of {event[:40]}.")

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:
        return (
            Snippet(where="Repository, Settings, Webhooks: Payload URL", text=address),
            Snippet(where="Content type", text="application/json"),
            Snippet(where="Secret", text=secret),
            Snippet(
                where="Events, one by one",
                text="Deployments\nDeployment statuses\nPushes\nReleases\nWorkflow runs",
            ),
        )


def _deployment(body: Sent) -> Reading:
    told, status = body.part("deployment"), body.part("deployment_status")
    number = told.text("id")
    if not number:
        raise Unreadable("The event has no deployment with an id.")
    word = status.text("state", limit=40)
    state = _STATES.get(word) if status else DeployState.STARTED
    if state is None:
        return Reading(ignored=f"A deployment that is {word} is no news.")
    repository = _repository(body)
    environment = told.text("environment", limit=100)
    is_over = state is not DeployState.STARTED
    extra = _payload(told)
    version = extra.text("version", limit=200) or told.text("ref", limit=200)
    deploy = Deploy(
        state=state,
        finished_at=status.moment("created_at", "updated_at") if is_over else None,
        version=version,
        previous_version=extra.text("previous_version", limit=200),
        commit=told.text("sha", limit=64),
        first_commit_at=extra.moment("first_commit_at"),
        pipeline_url=status.text("log_url", "target_url")
        or body.part("workflow_run").text("html_url"),
        is_unplanned=extra.flag("unplanned"),
        rolls_back=_deployment_id(repository, extra.text("rolls_back", limit=40)),
    )
    where = f" to {environment}" if environment else ""
    report = Report(
        summary=f"Deploy {version or deploy.commit[:7]} of {repository}{where}",
        about=repository,
        kind=ChangeKind.DEPLOY,
        environment="production" if told.flag("production_environment") else environment,
        external_id=_deployment_id(repository, number),
        at=told.moment("created_at"),
        by=told.part("creator").text("login"),
        links=_links(
            (status.text("environment_url"), "What runs there"),
            (body.part("repository").text("html_url"), repository),
        ),
        details={"environment": environment, "task": told.text("task")},
        deploy=deploy,
    )
    return Reading(reports=(report,))


def _payload(deployment: Sent) -> Sent:
    """What a pipeline put into the `payload` of its deployment: an object, or one in a text."""
    found = deployment.part("payload")
    text = deployment.text("payload", limit=10_000)
    if found or not text:
        return found
    try:
        return Sent(json.loads(text))
    except (ValueError, RecursionError):
        return found


def _deployment_id(repository: str, number: str) -> str:
    return f"{repository}/deployments/{number}" if number else ""


def _workflow(body: Sent, names: frozenset[str]) -> Reading:
    run, repository = body.part("workflow_run"), _repository(body)
    about = f"{repository}#{run.text('name', limit=200)}"
    if about not in names:
        return Reading(ignored=f"No line names the workflow {about}, so it is no deploy.")
    conclusion = run.text("conclusion", limit=40)
    state = _CONCLUSIONS.get(conclusion) if conclusion else DeployState.STARTED
    if state is None:
        return Reading(ignored=f"A workflow that ended as {conclusion} deployed nothing.")
    commit = run.text("head_sha", limit=64)
    report = Report(
        summary=f"{run.text('name', limit=200)} of {repository} at {commit[:7]}",
        about=about,
        repository=repository,
        external_id=f"{repository}/runs/{run.text('id')}",
        at=run.moment("run_started_at", "created_at"),
        by=run.part("actor").text("login"),
        links=_links((run.text("html_url"), "The run")),
        details={"branch": run.text("head_branch"), "event": run.text("event")},
        deploy=Deploy(
            state=state,
            finished_at=None if state is DeployState.STARTED else run.moment("updated_at"),
            commit=commit,
            pipeline_url=run.text("html_url"),
        ),
    )
    return Reading(reports=(report,))


def _release(body: Sent) -> Reading:
    release, repository = body.part("release"), _repository(body)
    if body.text("action") not in _PUBLISHED:
        return Reading(ignored="Only a release that is published is news.")
    tag = release.text("tag_name", limit=200)
    report = Report(
        summary=f"Release {release.text('name', limit=200) or tag} of {repository} published",
        about=repository,
        kind=ChangeKind.OTHER,
        external_id=f"{repository}/releases/{release.text('id')}",
        at=release.moment("published_at", "created_at"),
        by=release.part("author").text("login"),
        links=_links((release.text("html_url"), tag or "The release")),
        details={"tag": tag},
    )
    return Reading(reports=(report,))


def _push(body: Sent) -> Reading:
    repository = body.part("repository")
    branch = repository.text("default_branch", limit=200)
    if body.text("ref") != f"refs/heads/{branch}":
        return Reading(ignored="Only pushes to the default branch count for lead times.")
    commits = [_commit(one) for one in body.parts("commits")]
    known = tuple(one for one in commits if one is not None)
    push = Push(about=_repository(body), commits=known)
    return Reading(push=push, ignored=f"{len(known)} commits are remembered for lead times.")


def _commit(told: Sent) -> Commit | None:
    at, sha = told.moment("timestamp"), told.text("id", limit=64)
    if at is None or not sha:
        return None
    return Commit(sha=sha, authored_at=at, is_merge=told.text("message").startswith(_MERGE))


def _repository(body: Sent) -> str:
    return body.part("repository").text("full_name", limit=200)


def _links(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"href": href, "text": text} for href, text in pairs if href]


CHANGES = GitHubChanges()
