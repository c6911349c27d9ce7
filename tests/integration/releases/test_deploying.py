"""A release walks its stages: deploys begin, end, are proven, fail and are taken back."""

from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.releases import deploy, make_release, make_stages, passage_of

from evenfall.changes.models import Change
from evenfall.platform import journal
from evenfall.releases import actions, errors, queries
from evenfall.releases.actions import NewRelease, Outcome
from evenfall.releases.logic.states import State
from evenfall.releases.models import Passage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_new_release_is_planned_for_every_stage_of_its_service() -> None:
    service = make_service()
    make_stages(service, "DEV", "UAT", "PROD")
    release = make_release(service, "1.0.0")
    views = queries.passages_of(release.pk)
    assert [(one.stage, one.state) for one in views] == [
        ("DEV", State.PLANNED),
        ("UAT", State.PLANNED),
        ("PROD", State.PLANNED),
    ]


def test_the_same_version_is_registered_once() -> None:
    release = make_release(version="1.0.0")
    again = NewRelease(service_id=release.service_id, version=" 1.0.0 ")
    with pytest.raises(errors.ReleaseExists):
        actions.register_release(new=again, now=NOW, actor="system")
    assert actions.ensure_release(new=again, now=NOW, actor="system") == (release.pk, False)


def test_a_deploy_is_in_the_ledger_and_is_what_runs() -> None:
    service = make_service()
    make_stages(service, "PROD")
    passage = deploy(passage_of(make_release(service, "1.0.0")))
    change = Change.objects.get(external_id=f"passage-{passage.pk}-deployed")
    assert (change.kind, change.environment, change.details["version"]) == (
        "deploy",
        "PROD",
        "1.0.0",
    )
    assert queries.running_version(service.pk, "PROD") == "1.0.0"
    kinds = [entry.kind for entry in journal.entries(subject=f"release:{passage.release_id}")]
    assert kinds.count("releases.version_deployed") == 1


def test_only_what_was_proven_is_a_way_back() -> None:
    service = make_service()
    make_stages(service, "PROD")
    first = deploy(passage_of(make_release(service, "1.0.0")), proven=True)
    second = deploy(passage_of(make_release(service, "1.1.0")), now=NOW + HOUR)
    assert second.previous_version == "1.0.0"
    assert queries.running_version(service.pk, "PROD") == "1.1.0"
    proven = queries.last_proven(service.pk, "PROD")
    assert proven is not None
    assert proven.id == first.pk


def test_a_version_that_was_rolled_back_leaves_the_one_before_running() -> None:
    service = make_service()
    make_stages(service, "PROD")
    deploy(passage_of(make_release(service, "1.0.0")), proven=True)
    second = deploy(passage_of(make_release(service, "1.1.0")), now=NOW + HOUR)
    actions.mark_rolled_back(
        passage_id=second.pk, reason="Errors", incident_id=7, now=NOW + HOUR, actor="system"
    )
    assert queries.running_version(service.pk, "PROD") == "1.0.0"
    back = Change.objects.get(external_id=f"passage-{second.pk}-rolled_back")
    assert back.details["version"] == "1.0.0"


def test_a_proven_version_may_still_be_taken_back_flagger_616_1592() -> None:
    passage = deploy(passage_of(make_release(version="2.0.0")), proven=True)
    actions.mark_failed(
        passage_id=passage.pk, reason="Leaks memory", now=NOW + 24 * HOUR, actor="system"
    )
    assert Passage.objects.get(id=passage.pk).state == State.FAILED


def test_after_a_failure_the_same_version_can_be_tried_again_complaint_23() -> None:
    service = make_service()
    make_stages(service, "PROD")
    release = make_release(service)
    first = passage_of(release)
    actions.begin_deploy(passage_id=first.pk, now=NOW, actor="system")
    with pytest.raises(errors.ReasonMissing):
        actions.finish_deploy(passage_id=first.pk, outcome=Outcome.FAILED, now=NOW, actor="system")
    actions.finish_deploy(
        passage_id=first.pk, outcome=Outcome.FAILED, reason="No image", now=NOW, actor="system"
    )
    again = actions.plan_passage(release_id=release.pk, stage="prod", now=NOW, actor="system")
    assert Passage.objects.get(id=again).attempt == 2
    assert again == actions.plan_passage(
        release_id=release.pk, stage="PROD", now=NOW, actor="system"
    )
    deploy(Passage.objects.get(id=again))


def test_two_versions_are_never_deployed_to_one_place_at_once() -> None:
    service = make_service()
    make_stages(service, "PROD")
    one, other = passage_of(make_release(service, "1")), passage_of(make_release(service, "2"))
    actions.begin_deploy(passage_id=one.pk, now=NOW, actor="system")
    with pytest.raises(errors.AnotherDeploys, match="Version 1 is being deployed"):
        actions.begin_deploy(passage_id=other.pk, now=NOW, actor="system")


def test_an_older_version_that_waited_is_cancelled_when_a_newer_one_went_there() -> None:
    service = make_service()
    make_stages(service, "PROD")
    old = passage_of(make_release(service, "1"))
    deploy(passage_of(make_release(service, "2", now=NOW + HOUR)), now=NOW + HOUR)
    old.refresh_from_db()
    assert (old.state, old.reason) == (State.CANCELLED, "2 went there.")


def test_going_back_to_an_older_version_is_known_as_such() -> None:
    service = make_service()
    make_stages(service, "PROD")
    old = make_release(service, "1")
    deploy(passage_of(old), proven=True)
    deploy(passage_of(make_release(service, "2", now=NOW + HOUR)), now=NOW + HOUR)
    number = actions.plan_passage(release_id=old.pk, stage="PROD", now=NOW, actor="system")
    assert queries.passage(number).kind.value == "rollback"


def test_what_is_over_cannot_be_proven() -> None:
    passage = passage_of(make_release())
    actions.cancel_passage(passage_id=passage.pk, reason="Not now", now=NOW, actor="system")
    with pytest.raises(errors.StateNotPossible):
        actions.mark_proven(passage_id=passage.pk, now=NOW)


def test_a_change_that_crosses_another_is_refused() -> None:
    release = make_release()
    wish = NewRelease(service_id=release.service_id, version="", rollback_plan="Undo")
    actions.change_release(release_id=release.pk, new=wish, revision=1, now=NOW, actor="system")
    with pytest.raises(errors.ChangedMeanwhile):
        actions.change_release(release_id=release.pk, new=wish, revision=1, now=NOW, actor="system")
