"""What tools tell of changes, in the formats that they document."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.changes.ports import (
    ChangeFormat,
    ChangeKind,
    DeployState,
    Knock,
    Reading,
    Report,
    Unreadable,
)
from evenfall.integrations.argocd.changes import CHANGES as ARGOCD
from evenfall.integrations.flux.changes import CHANGES as FLUX
from evenfall.integrations.generic.changes import CHANGES as PLAIN
from evenfall.integrations.github.changes import CHANGES as GITHUB
from evenfall.integrations.gitlab.changes import CHANGES as GITLAB
from evenfall.integrations.pagerduty.deploys import CHANGES as PAGERDUTY

ALL: tuple[ChangeFormat, ...] = (PLAIN, GITHUB, GITLAB, ARGOCD, FLUX, PAGERDUTY)
NOW = datetime(2027, 1, 13, 14, tzinfo=UTC)
SECRET = "a secret of the source"

REPOSITORY = {
    "id": 1296269,
    "name": "shop",
    "full_name": "acme/shop",
    "html_url": "https://github.com/acme/shop",
    "default_branch": "main",
}
DEPLOYMENT = {
    "url": "https://api.github.com/repos/acme/shop/deployments/145988746",
    "id": 145988746,
    "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
    "ref": "v1.4.2",
    "task": "deploy",
    "payload": {"previous_version": "v1.4.1", "unplanned": True},
    "original_environment": "production",
    "environment": "production",
    "description": None,
    "creator": {"login": "octocat", "id": 21031067},
    "created_at": "2027-01-13T13:40:00Z",
    "updated_at": "2027-01-13T13:40:00Z",
    "production_environment": True,
    "transient_environment": False,
}
STATUS = {
    "id": 209916254,
    "state": "success",
    "environment": "production",
    "target_url": "https://github.com/acme/shop/actions/runs/1",
    "log_url": "https://github.com/acme/shop/actions/runs/1/job/2",
    "environment_url": "https://shop.example",
    "created_at": "2027-01-13T13:45:00Z",
}
WORKFLOW_RUN = {
    "id": 30433642,
    "name": "Ship it",
    "head_branch": "main",
    "head_sha": "acb5820ced9479c074f688cc328bf03f341a511d",
    "event": "push",
    "status": "completed",
    "conclusion": "success",
    "html_url": "https://github.com/acme/shop/actions/runs/30433642",
    "run_started_at": "2027-01-13T13:30:00Z",
    "updated_at": "2027-01-13T13:36:00Z",
    "actor": {"login": "octocat"},
}
PROJECT = {
    "id": 30,
    "name": "shop",
    "path_with_namespace": "acme/shop",
    "web_url": "https://gitlab.example/acme/shop",
    "default_branch": "main",
}
GITLAB_DEPLOYMENT = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2027-01-13 14:50:00 +0100",
    "deployment_id": 15,
    "deployable_id": 796,
    "deployable_url": "https://gitlab.example/acme/shop/-/jobs/796",
    "environment": "eu-west",
    "environment_tier": "production",
    "environment_slug": "eu-west",
    "environment_external_url": "https://shop.example",
    "project": PROJECT,
    "short_sha": "279484c0",
    "user": {"id": 1, "name": "Ada", "username": "ada"},
    "commit_url": "https://gitlab.example/acme/shop/-/commit/279484c09fbe69ededfced8c1bb6e6d24616b468",
    "commit_title": "Add a basket",
    "ref": "main",
}
APPLIED = "731f7eaddfb6af01cb2173e18f0f75b0ba780ef1"
FLUX_EVENT = {
    "involvedObject": {
        "kind": "Kustomization",
        "namespace": "flux-system",
        "name": "shop",
        "uid": "7d0cdc51-ddcf-4743-b223-83ca5c699632",
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "resourceVersion": "1",
    },
    "severity": "info",
    "timestamp": "2027-01-13T13:50:00Z",
    "message": "Reconciliation finished in 1.2s, next run in 10m0s",
    "reason": "ReconciliationSucceeded",
    "metadata": {
        "kustomize.toolkit.fluxcd.io/revision": f"main@sha1:{APPLIED}",
        "environment": "production",
    },
    "reportingController": "kustomize-controller",
    "reportingInstance": "kustomize-controller-7c7b47f5f-8bhrp",
}
ARGO = {
    "app": "shop",
    "project": "default",
    "namespace": "shop",
    "phase": "Succeeded",
    "revision": "731f7eaddfb6af01cb2173e18f0f75b0ba780ef1",
    "started_at": "2027-01-13T13:50:00Z",
    "finished_at": "2027-01-13T13:51:00Z",
    "message": "successfully synced (all tasks run)",
    "health": "Healthy",
    "repository": "https://git.example/acme/deploy.git",
    "environment": None,
    "url": "https://argocd.example/applications/shop",
}
PAGERDUTY_CHANGE = {
    "routing_key": "samplekeyhere",
    "payload": {
        "summary": "Build Success - Increase snapshot create timeout to 30 seconds",
        "timestamp": "2027-01-13T13:17:54.534Z",
        "source": "acme-build-pipeline-tool-default-i-9999",
        "custom_details": {"build_state": "passed", "environment": "production"},
    },
    "links": [{"href": "https://acme.pagerduty.example/build/2", "text": "View more details"}],
}


def knock(body: Any, **headers: str) -> Knock:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Knock(headers=named, body=json.dumps(body).encode(), at=NOW)


def read(one: ChangeFormat, body: Any, *names: str, **headers: str) -> Reading:
    return one.read(knock(body, **headers), names=frozenset(names))


def only(reading: Reading) -> Report:
    (report,) = reading.reports
    return report


def of_github(event: str, *names: str, **body: Any) -> Reading:
    return read(GITHUB, {"repository": REPOSITORY, **body}, *names, x_github_event=event)


def test_github_tells_that_a_deployment_began() -> None:
    report = only(of_github("deployment", action="created", deployment=DEPLOYMENT))
    assert report.deploy is not None
    assert report.deploy.state is DeployState.STARTED
    assert report.deploy.finished_at is None
    assert (report.about, report.environment, report.by) == ("acme/shop", "production", "octocat")
    assert report.at == datetime(2027, 1, 13, 13, 40, tzinfo=UTC)


def test_github_tells_that_the_same_deployment_arrived() -> None:
    began = only(of_github("deployment", action="created", deployment=DEPLOYMENT))
    report = only(of_github("deployment_status", deployment=DEPLOYMENT, deployment_status=STATUS))
    assert report.external_id == began.external_id
    assert report.deploy is not None
    assert report.deploy.state is DeployState.FINISHED
    assert report.deploy.finished_at == datetime(2027, 1, 13, 13, 45, tzinfo=UTC)
    assert (report.deploy.version, report.deploy.previous_version) == ("v1.4.2", "v1.4.1")
    assert report.deploy.is_unplanned
    assert report.deploy.commit == DEPLOYMENT["sha"]
    assert report.deploy.pipeline_url == STATUS["log_url"]


def test_github_tells_that_a_deployment_failed_or_became_inactive() -> None:
    failed = of_github(
        "deployment_status", deployment=DEPLOYMENT, deployment_status={**STATUS, "state": "error"}
    )
    deploy = only(failed).deploy
    assert deploy is not None
    assert deploy.state is DeployState.FAILED
    inactive = of_github(
        "deployment_status",
        deployment=DEPLOYMENT,
        deployment_status={**STATUS, "state": "inactive"},
    )
    assert (inactive.reports, "inactive" in inactive.ignored) == ((), True)


def test_a_workflow_of_github_is_a_deploy_only_where_a_line_says_so() -> None:
    ignored = of_github("workflow_run", action="completed", workflow_run=WORKFLOW_RUN)
    assert not ignored.reports
    named = "acme/shop#Ship it"
    report = only(of_github("workflow_run", named, action="completed", workflow_run=WORKFLOW_RUN))
    assert (report.about, report.repository) == (named, "acme/shop")
    assert report.deploy is not None
    assert report.deploy.state is DeployState.FINISHED
    skipped = {**WORKFLOW_RUN, "conclusion": "cancelled"}
    assert not of_github("workflow_run", named, workflow_run=skipped).reports
    running = {**WORKFLOW_RUN, "conclusion": None}
    begun = only(of_github("workflow_run", named, workflow_run=running)).deploy
    assert begun is not None
    assert (begun.state, begun.finished_at) == (DeployState.STARTED, None)


def test_a_release_of_github_is_no_deploy() -> None:
    release = {"id": 1, "tag_name": "v1.4.2", "name": "Basket", "html_url": "https://g.example/r"}
    report = only(of_github("release", action="published", release=release))
    assert (report.kind, report.deploy) == (ChangeKind.OTHER, None)
    assert not of_github("release", action="edited", release=release).reports


def test_pushes_to_the_default_branch_are_remembered_and_merges_marked() -> None:
    commits = [
        {"id": "a" * 40, "message": "Fix", "timestamp": "2027-01-12T09:00:00+01:00"},
        {"id": "b" * 40, "message": "Merge pull request #7", "timestamp": "2027-01-13T09:00:00Z"},
        {"id": "", "message": "?", "timestamp": "2027-01-13T09:00:00Z"},
    ]
    push = of_github("push", ref="refs/heads/main", commits=commits).push
    assert push is not None
    assert [one.is_merge for one in push.commits] == [False, True]
    assert push.commits[0].authored_at == datetime(2027, 1, 12, 8, tzinfo=UTC)
    assert of_github("push", ref="refs/heads/topic", commits=commits).push is None


def test_github_says_what_else_is_wrong() -> None:
    with pytest.raises(Unreadable, match="X-GitHub-Event"):
        read(GITHUB, {})
    with pytest.raises(Unreadable, match="application/json"):
        read(GITHUB, {}, x_github_event="push", content_type="application/x-www-form-urlencoded")
    with pytest.raises(Unreadable, match="deployment"):
        of_github("deployment")
    assert of_github("ping", zen="Design for failure.").ignored


def test_githubs_signature_is_the_one_its_documentation_computes() -> None:
    # docs.github.com, "Validating webhook deliveries": the values to test with
    secret, body = "It's a Secret to Everybody", b"Hello, World!"
    right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    one = Knock(headers={"x-hub-signature-256": right}, body=body, at=NOW)
    assert GITHUB.is_signed(one, secret=secret)
    assert not GITHUB.is_signed(one, secret="another")
    assert not GITHUB.is_signed(Knock(headers={}, body=body, at=NOW), secret=secret)


def test_gitlab_tells_that_a_deployment_arrived() -> None:
    report = only(read(GITLAB, GITLAB_DEPLOYMENT))
    assert (report.about, report.environment, report.by) == ("acme/shop", "production", "ada")
    assert report.at == datetime(2027, 1, 13, 13, 50, tzinfo=UTC)
    assert report.deploy is not None
    assert report.deploy.state is DeployState.FINISHED
    assert report.deploy.commit == "279484c09fbe69ededfced8c1bb6e6d24616b468"
    begun = only(read(GITLAB, {**GITLAB_DEPLOYMENT, "status": "running"}))
    assert begun.external_id == report.external_id
    assert begun.deploy is not None
    assert begun.deploy.finished_at is None
    assert not read(GITLAB, {**GITLAB_DEPLOYMENT, "status": "blocked"}).reports


def test_a_pipeline_of_gitlab_is_a_deploy_only_where_a_line_says_so() -> None:
    told = {
        "id": 31,
        "ref": "main",
        "tag": False,
        "sha": "bcbb5ec396a2c0f828686f14fac9b80b780504f2",
        "status": "success",
        "created_at": "2027-01-13 13:23:28 UTC",
        "finished_at": "2027-01-13 13:26:29 UTC",
        "url": "https://gitlab.example/acme/shop/-/pipelines/31",
    }
    body = {"object_kind": "pipeline", "object_attributes": told, "project": PROJECT}
    assert not read(GITLAB, body).reports
    report = only(read(GITLAB, body, "acme/shop#pipeline"))
    assert report.deploy is not None
    assert report.deploy.finished_at == datetime(2027, 1, 13, 13, 26, 29, tzinfo=UTC)
    topic = {**body, "object_attributes": {**told, "ref": "topic"}}
    assert not read(GITLAB, topic, "acme/shop#pipeline").reports
    manual = {**body, "object_attributes": {**told, "status": "manual"}}
    assert not read(GITLAB, manual, "acme/shop#pipeline").reports


def test_a_flag_of_gitlab_is_a_change() -> None:
    body = {
        "object_kind": "feature_flag",
        "project": PROJECT,
        "user": {"username": "ada"},
        "object_attributes": {"id": 6, "name": "new-basket", "active": True},
    }
    report = only(read(GITLAB, body, idempotency_key="f5e5f430"))
    assert report.kind is ChangeKind.FLAG
    assert "switched on" in report.summary
    assert report.external_id.endswith("f5e5f430")


def test_pushes_to_gitlab() -> None:
    commits = [{"id": "a" * 40, "message": "Fix", "timestamp": "2027-01-12T09:00:00+01:00"}]
    body = {"object_kind": "push", "ref": "refs/heads/main", "project": PROJECT}
    push = read(GITLAB, {**body, "commits": [*commits, {"id": "x"}]}).push
    assert push is not None
    assert len(push.commits) == 1
    assert read(GITLAB, {**body, "ref": "refs/heads/x"}).push is None
    assert read(GITLAB, {"object_kind": "note"}).ignored


def test_gitlab_shows_its_secret_or_signs() -> None:
    plain = knock({}, x_gitlab_token=SECRET)
    assert GITLAB.is_signed(plain, secret=SECRET)
    assert not GITLAB.is_signed(plain, secret="another")

    def signed(at: datetime) -> Knock:
        stamp = str(int(at.timestamp()))
        digest = hmac.digest(SECRET.encode(), f"id-1.{stamp}.{{}}".encode(), hashlib.sha256)
        return knock(
            {},
            webhook_id="id-1",
            webhook_timestamp=stamp,
            webhook_signature=f"v1,{base64.b64encode(digest).decode()}",
        )

    assert GITLAB.is_signed(signed(NOW), secret=SECRET)
    assert not GITLAB.is_signed(signed(NOW - timedelta(hours=1)), secret=SECRET)
    wrong = knock({}, webhook_signature="v1,AA==", webhook_timestamp="now", x_gitlab_token=SECRET)
    assert not GITLAB.is_signed(wrong, secret=SECRET)


def test_plain_json_needs_little_and_takes_much() -> None:
    least = only(read(PLAIN, {"service": "shop", "version": "1.4.2"}))
    assert (least.summary, least.kind) == ("Deploy 1.4.2 of shop", ChangeKind.DEPLOY)
    most = {
        "id": "42",
        "app": "acme/shop",
        "kind": "flag",
        "state": "running",
        "summary": "New basket for one in ten",
        "environment": "staging",
        "previous_version": "0",
        "version": "10%",
        "first_commit_at": "2027-01-12T09:00:00Z",
        "at": "2027-01-13T13:00:00Z",
        "url": "https://ci.example/42",
        "unplanned": "yes",
        "rolls_back": "41",
        "by": "Ada",
        "links": [{"href": "https://flags.example/basket"}],
        "details": {"share": 0.1},
    }
    report = only(read(PLAIN, most))
    assert (report.kind, report.about, report.by) == (ChangeKind.FLAG, "acme/shop", "Ada")
    assert report.deploy is not None
    assert (report.deploy.state, report.deploy.rolls_back) == (DeployState.STARTED, "41")
    assert report.deploy.is_unplanned
    assert report.details == {"share": 0.1}
    assert len(read(PLAIN, [most, most]).reports) == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "Say what changed"),
        ({"service": "shop", "state": "exploded"}, "none of started"),
        ({"service": "shop", "state": "started"}, "needs an id"),
        ([], "JSON object"),
        (7, "JSON object"),
    ],
)
def test_plain_json_says_what_is_missing(body: Any, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(PLAIN, body)


def test_plain_json_may_be_signed() -> None:
    digest = hmac.new(SECRET.encode(), b"{}", hashlib.sha256).hexdigest()
    assert PLAIN.is_signed(knock({}, x_evenfall_signature=f"sha256={digest}"), secret=SECRET)
    assert not PLAIN.is_signed(knock({}), secret=SECRET)


def test_argo_cd_tells_that_an_application_was_synchronised() -> None:
    report = only(read(ARGOCD, ARGO))
    assert (report.about, report.environment) == ("shop", "")
    assert report.deploy is not None
    assert report.deploy.state is DeployState.FINISHED
    assert report.deploy.commit == ARGO["revision"]
    began = only(read(ARGOCD, {**ARGO, "phase": "Running", "finished_at": None}))
    assert began.external_id == report.external_id
    helm = only(read(ARGOCD, {**ARGO, "revision": "1.2.3"})).deploy
    assert helm is not None
    assert (helm.version, helm.commit) == ("1.2.3", "")
    assert not read(ARGOCD, {**ARGO, "phase": "Terminating"}).reports
    with pytest.raises(Unreadable, match="template"):
        read(ARGOCD, {"text": "synced"})


def test_flux_tells_that_something_was_applied() -> None:
    report = only(read(FLUX, FLUX_EVENT))
    assert (report.about, report.environment) == ("flux-system/shop", "production")
    assert report.deploy is not None
    assert report.deploy.state is DeployState.FINISHED
    assert report.deploy.commit == "731f7eaddfb6af01cb2173e18f0f75b0ba780ef1"
    failed = only(read(FLUX, {**FLUX_EVENT, "severity": "error", "reason": "BuildFailed"}))
    assert failed.external_id == report.external_id
    assert failed.deploy is not None
    assert failed.deploy.state is DeployState.FAILED


def test_the_same_chart_with_other_values_is_another_deploy_of_flux() -> None:
    helm = {**FLUX_EVENT["involvedObject"], "kind": "HelmRelease"}  # type: ignore[dict-item]
    metadata = {
        "helm.toolkit.fluxcd.io/revision": "6.5.0",
        "helm.toolkit.fluxcd.io/app-version": "1.4.2",
        "helm.toolkit.fluxcd.io/token": "sha256:aa",
    }
    event = {**FLUX_EVENT, "involvedObject": helm, "reason": "UpgradeSucceeded"}
    first = only(read(FLUX, {**event, "metadata": metadata}))
    other = {**metadata, "helm.toolkit.fluxcd.io/token": "sha256:bb"}
    assert only(read(FLUX, {**event, "metadata": other})).external_id != first.external_id
    assert first.deploy is not None
    assert first.deploy.version == "1.4.2"
    progressing = only(read(FLUX, {**event, "reason": "Progressing", "metadata": {}}))
    assert (progressing.external_id, progressing.summary) == ("", "HelmRelease flux-system/shop")


def test_what_flux_only_fetches_is_no_deploy() -> None:
    source = {**FLUX_EVENT["involvedObject"], "kind": "GitRepository"}  # type: ignore[dict-item]
    assert read(FLUX, {**FLUX_EVENT, "involvedObject": source}).ignored
    assert read(FLUX, {**FLUX_EVENT, "reason": "DependencyNotReady"}).ignored
    with pytest.raises(Unreadable, match="involvedObject"):
        read(FLUX, {})
    body = json.dumps(FLUX_EVENT).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha512).hexdigest()
    assert FLUX.is_signed(knock(FLUX_EVENT, x_signature=f"sha512={digest}"), secret=SECRET)


def test_pagerdutys_change_events() -> None:
    report = only(read(PAGERDUTY, PAGERDUTY_CHANGE))
    assert report.summary.startswith("Build Success")
    assert report.environment == "production"
    assert report.at == datetime(2027, 1, 13, 13, 17, 54, 534000, tzinfo=UTC)
    assert report.external_id == only(read(PAGERDUTY, PAGERDUTY_CHANGE)).external_id != ""
    timeless = {"payload": {"summary": "x", "custom_details": {"kind": "flag"}}}
    other = only(read(PAGERDUTY, timeless))
    assert (other.external_id, other.kind) == ("", ChangeKind.FLAG)
    with pytest.raises(Unreadable, match="summary"):
        read(PAGERDUTY, {"payload": {}})
    assert not PAGERDUTY.is_signed(knock({}), secret=SECRET)
    assert not ARGOCD.is_signed(knock({}), secret=SECRET)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_every_tool_gets_its_address_to_copy(one: ChangeFormat) -> None:
    snippets = one.snippets(address="https://evenfall.example/changes/in/KEY/", secret=SECRET)
    assert any("https://evenfall.example/changes/in/KEY/" in snippet.text for snippet in snippets)
    signs = one.signing.value != "never"
    assert any(SECRET in snippet.text for snippet in snippets) == signs


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=10,
)
WORDS = ["deployment", "deployment_status", "workflow_run", "release", "push", "payload", "id"]
WORDS += ["involvedObject", "metadata", "app", "phase", "object_kind", "project", "repository"]
WORDS += ["kind", "name", "state", "status", "commits", "object_attributes", "summary", "ref"]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
@given(
    body=st.dictionaries(st.sampled_from(WORDS), JSON | st.sampled_from(WORDS)),
    event=st.sampled_from(WORDS),
    signature=st.text(max_size=30),
)
def test_hostile_bodies_are_read_or_refused(
    one: ChangeFormat, body: dict[str, Any], event: str, signature: str
) -> None:
    told = knock(
        body,
        x_github_event=event,
        x_signature=signature,
        x_hub_signature_256=signature,
        webhook_signature=signature,
        webhook_timestamp=signature,
        x_gitlab_token=signature,
        x_evenfall_signature=signature,
    )
    assert not one.is_signed(told, secret=SECRET)
    try:
        reading = one.read(told, names=frozenset({"#", "#pipeline"}))
    except Unreadable:
        return
    assert isinstance(reading.reports, list | tuple)
