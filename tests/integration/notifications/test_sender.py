import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import override

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import (
    NOW,
    ScriptedChannel,
    make_contact_method,
    new_notice,
    states,
)

from evenfall.notifications import actions, ports, queries
from evenfall.notifications.drains.outbound import Outbound
from evenfall.notifications.drains.recorder import Recorder
from evenfall.notifications.drains.sender import Sender
from evenfall.notifications.logic.capacity import PLACES
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Accepted, ChannelError, Message
from evenfall.platform import journal

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
type SendAll = Callable[[], int]


def plan(*, kind: str = "email", urgency: str = "high", subject: str = "page:5") -> Notice:
    user = make_user()
    method = make_contact_method(user, kind)
    (notice_id,) = actions.plan_notices(
        notices=[new_notice(user, kind, contact_method=method, urgency=urgency, subject=subject)],
        now=NOW,
    )
    return Notice.objects.get(id=notice_id)


def journal_kinds(subject: str = "page:5") -> list[str]:
    return [entry.kind for entry in journal.entries(subject=subject)]


def test_a_due_notice_is_sent_and_accepted(send_all: SendAll) -> None:
    channel = ScriptedChannel(Accepted(provider_id="abc"))
    ports.register_channel(channel)
    notice = plan()

    assert send_all() == 1

    notice.refresh_from_db()
    assert (notice.state, notice.provider_id, notice.attempts) == ("accepted", "abc", 1)
    assert (notice.handed_over_at, notice.accepted_at, notice.lease_until) == (NOW, NOW, None)
    (message,) = channel.messages
    assert message.idempotency_key == f"notice-{notice.id}"
    assert message.content.url == "http://127.0.0.1:8420/pages/5/"
    assert [link.name for link in message.action_links] == ["acknowledge", "help"]
    assert journal_kinds() == ["notifications.notice_accepted"]
    assert ContactMethod.objects.get().last_accepted_at == NOW


def test_what_reached_the_device_is_delivered(send_all: SendAll) -> None:
    ports.register_channel(ScriptedChannel(Accepted(delivered=True)))
    plan()
    send_all()
    assert states() == ["delivered"]
    assert journal_kinds() == ["notifications.notice_delivered"]


def test_only_channels_that_send_are_prepared(sender: Sender, send_all: SendAll) -> None:
    """A page by web hook does not wait until the accounts of all others are read."""
    mail, hook = ScriptedChannel(), ScriptedChannel(kind="webhook")
    ports.register_channel(mail)
    ports.register_channel(hook)
    sender.send_due(NOW)
    assert (mail.prepared, hook.prepared) == (0, 0)
    plan(kind="webhook")
    send_all()
    assert (mail.prepared, hook.prepared) == (0, 1)


def test_what_is_not_due_waits(sender: Sender) -> None:
    ports.register_channel(ScriptedChannel())
    ada = make_user()
    make_contact_method(ada)
    due = NOW + timedelta(minutes=2)
    actions.plan_notices(notices=[new_notice(ada, due_at=due)], now=NOW)

    result = sender.run(NOW)

    assert (result.done, result.next_due) == (0, due)


def test_high_urgency_leaves_first() -> None:
    plan(urgency="low", subject="page:1")
    plan(urgency="high", subject="page:2")
    rooms = {("email", Urgency.HIGH): 5, ("email", Urgency.LOW): 5}
    claimed = actions.claim_due(rooms=rooms, now=NOW)
    assert [message.subject for message in claimed] == ["page:2", "page:1"]


def test_no_more_is_claimed_than_there_are_places() -> None:
    for _ in range(3):
        plan()
    rooms = {("email", Urgency.HIGH): 2, ("email", Urgency.LOW): 0}
    assert len(actions.claim_due(rooms=rooms, now=NOW)) == 2
    assert sorted(states()) == ["claimed", "claimed", "planned"]


def test_without_a_place_nothing_is_claimed() -> None:
    plan()
    assert actions.claim_due(rooms={("email", Urgency.HIGH): 0}, now=NOW) == []


def test_a_temporary_refusal_is_planned_again(send_all: SendAll) -> None:
    ports.register_channel(ScriptedChannel(ChannelError("451 try later", permanent=False)))
    notice = plan()

    send_all()

    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("planned", "try 1 failed: 451 try later")
    assert NOW + 5 * SECOND <= notice.due_at <= NOW + 6 * SECOND
    assert notice.first_due_at == NOW
    assert journal_kinds() == []


def test_the_providers_wait_is_honoured(send_all: SendAll) -> None:
    error = ChannelError("429", permanent=False, retry_after=timedelta(minutes=3))
    ports.register_channel(ScriptedChannel(error))
    notice = plan()
    send_all()
    notice.refresh_from_db()
    assert notice.due_at == NOW + timedelta(minutes=3)


def test_a_second_try_has_the_same_key_and_can_succeed(send_all: SendAll, sender: Sender) -> None:
    channel = ScriptedChannel(ChannelError("451", permanent=False), Accepted(provider_id="2"))
    ports.register_channel(channel)
    notice = plan()
    send_all()

    sender.run(NOW + 7 * SECOND)
    assert sender.wait_until_idle()

    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.reason) == ("accepted", 2, "")
    assert len({message.idempotency_key for message in channel.messages}) == 1
    assert [message.attempt for message in channel.messages] == [1, 2]


def test_a_dead_address_is_switched_off_and_another_way_taken(send_all: SendAll) -> None:
    dead = ChannelError("550 no such mailbox", permanent=True, address_dead=True)
    ports.register_channel(ScriptedChannel(dead))
    push = ScriptedChannel(kind="webpush")
    ports.register_channel(push)
    notice = plan()
    make_contact_method(notice.user, "webpush")

    send_all()

    assert states() == ["failed", "accepted"]
    assert len(push.messages) == 1
    method = ContactMethod.objects.get(kind="email")
    assert (method.broken_at, method.broken_reason) == (NOW, "550 no such mailbox")
    assert journal_kinds(f"contact-method:{method.id}") == ["notifications.contact_method_broken"]
    assert journal_kinds() == ["notifications.notice_failed", "notifications.notice_accepted"]


def test_a_permanent_refusal_keeps_an_address_that_is_not_to_blame(send_all: SendAll) -> None:
    ports.register_channel(ScriptedChannel(ChannelError("mail is not set up", permanent=True)))
    plan()
    send_all()
    assert states() == ["failed"]
    assert ContactMethod.objects.get().broken_at is None


def test_patience_ends_in_a_failure(send_all: SendAll) -> None:
    ports.register_channel(ScriptedChannel(ChannelError("451", permanent=False)))
    notice = plan()
    Notice.objects.update(first_due_at=NOW - timedelta(hours=1))
    send_all()
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("failed", "gave up after 1 tries: 451")


def test_a_channel_with_a_mistake_is_a_temporary_refusal(send_all: SendAll) -> None:
    ports.register_channel(ScriptedChannel(ZeroDivisionError()))
    notice = plan()
    send_all()
    notice.refresh_from_db()
    assert notice.reason == "try 1 failed: ZeroDivisionError in the channel"


class Hanging(ScriptedChannel):
    """Never answers."""

    @override
    async def send(self, message: Message) -> Accepted:
        self.messages.append(message)
        await asyncio.Event().wait()
        raise AssertionError


def test_a_channel_that_hangs_is_left_after_the_time_limit() -> None:
    answers: list[actions.Result] = []
    outbound = Outbound(on_result=answers.append, clock=lambda: NOW, timeout_s=0.01)
    ports.register_channel(Hanging())
    plan()
    (message,) = actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=NOW)
    outbound.start()
    outbound.send([(message, 1)], now=NOW)
    assert outbound.wait_until_idle(5)
    outbound.stop()
    (result,) = answers
    assert isinstance(result.answer, ChannelError)
    assert (result.answer.message, result.answer.permanent) == ("no answer within 0.01 s", False)


class Gated(ScriptedChannel):
    """Answers when the test says so."""

    def __init__(self, *, kind: str = "email") -> None:
        super().__init__(kind=kind)
        self.gate = threading.Event()

    @override
    async def send(self, message: Message) -> Accepted:
        await asyncio.to_thread(self.gate.wait, 9)
        return await super().send(message)


def test_fast_providers_do_not_wait_for_slow_ones() -> None:
    slow_channel, answered = Gated(), threading.Event()
    ports.register_channel(slow_channel)
    ports.register_channel(ScriptedChannel(kind="webhook"))
    recorder = Recorder(clock=lambda: NOW)

    def on_result(result: actions.Result) -> None:
        recorder.put(result)
        answered.set()

    outbound = Outbound(on_result=on_result, clock=lambda: NOW)
    slow, fast = plan(), plan(kind="webhook")
    messages = actions.claim_due(rooms=outbound.rooms(NOW), now=NOW)
    actions.hand_over(ids=[slow.id, fast.id], now=NOW)
    recorder.start()
    outbound.start()
    outbound.send([(message, 1) for message in messages], now=NOW)

    assert answered.wait(5)
    assert recorder.wait_until_idle(5)
    assert states() == ["sent", "accepted"]

    slow_channel.gate.set()
    assert outbound.wait_until_idle(5)
    assert recorder.wait_until_idle(5)
    assert states() == ["accepted", "accepted"]
    outbound.stop()
    recorder.stop()


def test_a_notice_that_cannot_be_read_fails_alone(send_all: SendAll) -> None:
    channel = ScriptedChannel()
    ports.register_channel(channel)
    bad, good = plan(subject="page:1"), plan(subject="page:2")
    Notice.objects.filter(id=bad.id).update(content={"lines": 5})

    send_all()

    assert (states("page:1"), states("page:2")) == (["failed"], ["accepted"])
    assert [message.notice_id for message in channel.messages] == [good.id]


def test_a_notice_for_an_unknown_channel_fails_and_takes_another_way() -> None:
    ports.register_channel(ScriptedChannel())
    notice = plan(kind="pigeon")
    make_contact_method(notice.user)

    actions.fail_unknown_kinds(kinds=["email"], now=NOW)

    failed, fallback = queries.notices_for("page:5")
    assert (failed.state, failed.reason) == ("failed", "there is no channel pigeon")
    assert (fallback.state, fallback.kind) == ("planned", "email")
    assert actions.fail_unknown_kinds(kinds=[], now=NOW) == 0


def test_a_late_yes_stops_the_second_copy() -> None:
    ports.register_channel(ScriptedChannel())
    notice = plan()
    actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=NOW)
    actions.hand_over(ids=[notice.id], now=NOW)
    later = NOW + 13 * SECOND
    assert actions.recover_lost(now=later) == 1
    assert states() == ["planned"]

    late = actions.Result(notice_id=notice.id, attempt=1, at=later, answer=Accepted())
    actions.record_results(results=[late], now=later)

    assert states() == ["accepted"]
    assert actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=later) == []


def test_a_late_no_changes_nothing() -> None:
    notice = plan()
    actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=NOW)
    actions.hand_over(ids=[notice.id], now=NOW)
    actions.recover_lost(now=NOW + 13 * SECOND)
    late = actions.Result(
        notice_id=notice.id, attempt=1, at=NOW, answer=ChannelError("no", permanent=True)
    )
    assert actions.record_results(results=[late], now=NOW) == 0
    assert states() == ["planned"]


def test_an_answer_for_a_notice_that_is_gone_is_ignored() -> None:
    result = actions.Result(notice_id=99, attempt=1, at=NOW, answer=Accepted())
    assert actions.record_results(results=[result], now=NOW) == 0


class Unprepared(ScriptedChannel):
    """Cannot load what it needs."""

    @override
    def prepare(self, now: datetime) -> None:
        raise ZeroDivisionError


def test_a_channel_that_cannot_prepare_does_not_stop_the_others(send_all: SendAll) -> None:
    ports.register_channel(Unprepared(ChannelError("no keys", permanent=False)))
    ports.register_channel(ScriptedChannel(kind="webhook"))
    plan()
    plan(kind="webhook")
    send_all()
    assert states() == ["planned", "accepted"]


def test_a_channel_that_vanished_is_a_temporary_refusal(sender: Sender) -> None:
    ports.register_channel(Gated())
    plan()
    answers: list[actions.Result] = []
    outbound = Outbound(on_result=answers.append, clock=lambda: NOW)
    (message,) = actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=NOW)
    ports.unregister_channel("email")
    outbound.start()
    outbound.send([(message, 1)], now=NOW)
    assert outbound.wait_until_idle(5)
    outbound.stop()
    assert isinstance(answers[0].answer, ChannelError)


def test_the_drain_says_when_the_next_one_is_due(sender: Sender) -> None:
    ports.register_channel(ScriptedChannel())
    plan()
    result = sender.run(NOW)
    assert sender.wait_until_idle()
    assert (result.done, result.next_due) == (0, None)
    assert states() == ["accepted"]
    sender.stop()
    sender.stop()


@pytest.mark.parametrize(("urgency", "has_more"), [("high", True), ("low", False)])
def test_a_sender_knows_that_urgent_notices_wait_for_places(
    sender: Sender, urgency: str, *, has_more: bool
) -> None:
    ports.register_channel(ScriptedChannel())
    user = make_user()
    method = make_contact_method(user)
    wish = new_notice(user, contact_method=method, urgency=urgency)
    actions.plan_notices(notices=[wish] * (PLACES[Urgency.HIGH] + 1), now=NOW)

    sender.send_due(NOW)
    assert sender.has_more == has_more

    assert sender.wait_until_idle()
    sender.send_due(NOW)
    assert not sender.has_more


def test_while_telephones_wait_the_inboxes_are_filled_once_a_second(sender: Sender) -> None:
    ports.register_channel(ScriptedChannel())
    user = make_user()
    call = new_notice(user, contact_method=make_contact_method(user))
    actions.plan_notices(notices=[call] * 3 * PLACES[Urgency.HIGH], now=NOW)

    def filled(now: datetime) -> int:
        """Runs a pass with one more notice for the inbox; how many are filled by now."""
        actions.plan_notices(notices=[new_notice(user, kind=queries.INBOX)], now=NOW)
        sender.run(now)
        assert sender.wait_until_idle()
        return Notice.objects.filter(kind=queries.INBOX, state="delivered").count()

    assert filled(NOW) == 1
    assert filled(NOW + timedelta(seconds=0.9)) == 1
    assert sender.has_more
    assert filled(NOW + timedelta(seconds=1)) == 3
    assert filled(NOW + timedelta(seconds=1.1)) == 4  # no telephone waits any longer


def test_while_urgent_notices_wait_each_pass_asks_for_another(sender: Sender) -> None:
    ports.register_channel(ScriptedChannel())
    user = make_user()
    wish = new_notice(user, contact_method=make_contact_method(user))
    count = 2 * PLACES[Urgency.HIGH] + 1
    actions.plan_notices(notices=[wish] * count, now=NOW)

    passes = 0
    while not sender.run(NOW).is_over:
        passes += 1
        assert passes < count
    assert sender.wait_until_idle()
    assert set(states()) == {"accepted"}
    assert passes >= 2
