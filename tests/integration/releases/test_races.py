"""Several people and pipelines at the same moment."""

from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.races import at_once
from tests.factories.releases import make_release, make_stages, passage_of, ready_release

from evenfall.platform import journal
from evenfall.releases import actions, ports, queries
from evenfall.releases.actions import NewRelease, Reach
from evenfall.releases.logic.rules import ALWAYS, Rules
from evenfall.releases.models import Release, Stop

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_sign_at_once_both_count_and_the_gate_opens_once() -> None:
    ready = ready_release(rules=Rules(gates=ALWAYS | {"approvals"}, need=2))

    def sign(user_id: int) -> None:
        actions.sign_off(
            passage_id=ready.passage.pk, user_id=user_id, is_yes=True, now=NOW, actor="system"
        )

    assert at_once(lambda: sign(ready.ben.pk), lambda: sign(ready.dan.pk)) == ["done", "done"]
    ready.passage.refresh_from_db()
    assert (ready.passage.state, ready.passage.sign_offs.count()) == ("approved", 2)
    told = [
        one.data["after"]
        for one in journal.entries(subject=f"release:{ready.passage.release_id}")
        if one.kind == "releases.gates_answered"
    ]
    assert told == ["fail", "pass"]


def test_of_two_deploys_that_begin_at_once_one_waits() -> None:
    service = make_service()
    make_stages(service, "PROD")
    ids = [passage_of(make_release(service)).pk for _ in range(2)]

    def begin(number: int) -> None:
        actions.begin_deploy(passage_id=number, now=NOW, actor="system")

    told = at_once(lambda: begin(ids[0]), lambda: begin(ids[1]))
    assert told == ["done", "releases.another_deploys"]


def test_two_pipelines_that_register_at_once_make_one_release() -> None:
    service = make_service()
    new = NewRelease(service_id=service.pk, version="3.0")

    def register() -> None:
        actions.ensure_release(new=new, now=NOW, actor="system")

    assert at_once(register, register) == ["done", "done"]
    assert Release.objects.count() == 1
    assert len(queries.passages_of(Release.objects.get().pk)) == 1


def test_two_who_press_the_button_at_once_press_it_once() -> None:
    def press() -> None:
        actions.stop_everything(reach=Reach(), reason="Fire", now=NOW, actor="system")

    assert at_once(press, press) == ["done", "done"]
    assert Stop.objects.count() == 1


def test_of_two_who_decide_about_an_exception_at_once_the_first_counts() -> None:
    ready = ready_release()
    wish = actions.ExceptionWish(
        kind=ports.ExceptionKind.P0,
        gates=["approvals"],
        reason="Now",
        expires_at=NOW + timedelta(hours=1),
        review_on=NOW.date(),
    )
    number = actions.ask_exception(
        passage_id=ready.passage.pk, wish=wish, user_id=ready.ada.pk, now=NOW, actor="system"
    )

    def decide(user_id: int) -> None:
        actions.decide_exception(
            exception_id=number, is_signed=True, user_id=user_id, now=NOW, actor="system"
        )

    told = at_once(lambda: decide(ready.ben.pk), lambda: decide(ready.dan.pk))
    assert told == ["done", "releases.already_decided"]
