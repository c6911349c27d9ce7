"""What people write back to a text message, and what we write back to them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, ScriptedChannel, make_contact_method
from tests.factories.paging import PagedTeam, make_paged_team, page_request

from evenfall.identity.models import User
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports, queries
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.paging import actions
from evenfall.paging.models import Page, PersonalRule
from evenfall.paging.ports import Status

pytestmark = pytest.mark.django_db
NUMBER = "+491701234567"


class Texts(ScriptedChannel):
    takes_replies = True


@pytest.fixture(autouse=True)
def _texts() -> Iterator[None]:
    before = ports.channel("sms")
    ports.register_channel(Texts(kind="sms"))
    yield
    if before is not None:
        ports.register_channel(before)


@pytest.fixture
def world() -> PagedTeam:
    """Ada is on call and wants text messages."""
    world = make_paged_team()
    give_number(world.ada)
    return world


def give_number(user: User, number: str = NUMBER) -> ContactMethod:
    PersonalRule.objects.create(
        user=user, urgency="high", position=1, kind="sms", delay_minutes=0, hours="always"
    )
    return make_contact_method(user, "sms", address=number)


def start(world: PagedTeam, subject: str, title: str) -> Page:
    """A page whose text has left."""
    request = page_request(world, subject, title=title)
    ids = actions.start_pages(requests=[request], now=NOW, actor="system")
    send()
    return Page.objects.get(id=ids[subject])


def send() -> list[ports.Message]:
    rooms = {("sms", Urgency.HIGH): 100}
    messages = notifications_actions.claim_due(rooms=rooms, now=NOW)
    notifications_actions.hand_over(ids=[one.notice_id for one in messages], now=NOW)
    return messages


def code_of(page: Page) -> int:
    codes = Notice.objects.filter(subject=f"page:{page.id}", reply_code__isnull=False)
    return codes.latest("id").reply_code or 0


def write(text: str, *, number: str = NUMBER, message_id: str = "") -> list[str]:
    """Take a text; returns what was written back because of it."""
    before = set(Notice.objects.values_list("id", flat=True))
    actions.take_text(number=number, text=text, message_id=message_id or text, now=NOW)
    new = Notice.objects.filter(purpose="reply").exclude(id__in=before)
    return [str(one.content["title"]) for one in new.order_by("id")]


def status(page: Page) -> str:
    page.refresh_from_db()
    return page.status


def test_two_pages_have_two_numbers_and_a_reminder_the_same(world: PagedTeam) -> None:
    first, second = start(world, "incident:1", "One"), start(world, "incident:2", "Two")
    assert code_of(first) != code_of(second)
    notice = Notice.objects.get(subject=f"page:{first.id}", kind="sms")
    notifications_actions.plan_notices(
        notices=[
            ports.NewNotice(
                user_id=world.ada.id,
                subject=notice.subject,
                purpose="page",
                kind="sms",
                due_at=NOW,
                content=ports.Content(title="One", actions=(ports.Action(name="x", label="X"),)),
            )
        ],
        now=NOW,
    )
    (reminder,) = send()
    assert reminder.reply_code == str(code_of(first))
    assert reminder.short_url


def test_a_message_without_answers_has_no_number(world: PagedTeam) -> None:
    notifications_actions.send_test(user_id=world.ada.id, contact_method_id=None, now=NOW)
    assert not any(one.reply_code for one in send())


@pytest.mark.parametrize(
    ("words", "expected", "back"),
    [
        ("{code}", Status.ACKNOWLEDGED, "Acknowledged: CRITICAL Checkout: One"),
        ("ACK {code}", Status.ACKNOWLEDGED, "Acknowledged: CRITICAL Checkout: One"),
        ("ok", Status.ACKNOWLEDGED, "Acknowledged: CRITICAL Checkout: One"),
        ("{code} dran", Status.MOBILISED, "You are on it: CRITICAL Checkout: One"),
        ("{code} help", Status.HELP, "Help is called: CRITICAL Checkout: One"),
        ("{code} next", Status.PAGING, "The next person is called: CRITICAL Checkout: One"),
        ("fixed {code}", Status.RESOLVED, "Resolved: CRITICAL Checkout: One"),
    ],
)
def test_each_answer_does_what_it_says(
    world: PagedTeam, words: str, expected: Status, back: str
) -> None:
    page = start(world, "incident:1", "One")
    assert write(words.format(code=code_of(page))) == [back]
    assert status(page) == expected


def test_an_answer_is_that_of_the_owner_over_text(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    write("ack")
    page.refresh_from_db()
    assert page.holder_id == world.ada.id
    assert page.answers.get().via == "sms"


def test_the_same_answer_twice_is_told(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    write("ack", message_id="1")
    back = write(f"{code_of(page)} ack", message_id="2")
    assert back == ["Answered before: CRITICAL Checkout: One"]


def test_a_text_that_comes_twice_is_taken_once(world: PagedTeam) -> None:
    start(world, "incident:1", "One")
    assert write("ack", message_id="SM1")
    assert write("ack", message_id="SM1") == []


def test_where_several_are_open_the_number_is_asked_for(world: PagedTeam) -> None:
    first, second = start(world, "incident:1", "One"), start(world, "incident:2", "Two")
    (question,) = write("ack")
    assert question.splitlines() == [
        "Several pages are open. Send the number of one:",
        f"{code_of(second)}: CRITICAL Checkout: Two",
        f"{code_of(first)}: CRITICAL Checkout: One",
    ]
    assert {status(first), status(second)} == {Status.PAGING}


def test_a_bare_ack_means_the_one_that_nobody_answered(world: PagedTeam) -> None:
    first, second = start(world, "incident:1", "One"), start(world, "incident:2", "Two")
    write(f"{code_of(first)}")
    write("ack")
    assert status(second) == Status.ACKNOWLEDGED


def test_an_unknown_number_is_told(world: PagedTeam) -> None:
    start(world, "incident:1", "One")
    assert write("99 ack") == ["No page of yours has the number 99."]


def test_what_is_not_understood_is_answered_with_what_to_send(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    (hint,) = write("who is this?")
    assert hint.startswith(f"Not understood. Send {code_of(page)} to acknowledge")


def test_without_a_page_there_is_nothing_to_answer(world: PagedTeam) -> None:
    assert write("hello") == ["No page waits for your answer."]


def test_help_alone_explains(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    (words,) = write("HELP")
    assert "STOP ends these messages" in words
    assert status(page) == Status.PAGING


def test_hints_end_after_three_and_begin_again_later(world: PagedTeam) -> None:
    said = [write(f"robot {number} of the mailbox") for number in "abcde"]
    assert [len(one) for one in said] == [1, 1, 1, 0, 0]
    later = NOW + timedelta(minutes=31)
    actions.take_text(number=NUMBER, text="robot", message_id="z", now=later)
    assert Notice.objects.filter(purpose="reply").count() == 4


def test_an_answer_counts_even_when_hints_have_ended(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    for number in "abcd":
        write(f"robot {number} of the mailbox")
    assert write(f"{code_of(page)}") == ["Acknowledged: CRITICAL Checkout: One"]


def test_a_number_that_nobody_proved_gets_no_answer(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    stranger = make_user("Mallory")
    make_contact_method(stranger, "sms", address="+491709999999", is_verified=False)
    assert write(f"{code_of(page)}", number="+491709999999") == []
    assert write(f"{code_of(page)}", number="+491708888888") == []
    assert status(page) == Status.PAGING


def test_the_number_of_a_page_of_somebody_else_is_unknown(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    give_number(world.ben, "+491707777777")
    back = write(f"{code_of(page)} ack", number="+491707777777")
    assert back == [f"No page of yours has the number {code_of(page)}."]
    assert status(page) == Status.PAGING


def test_two_people_with_one_telephone_have_two_numbers(world: PagedTeam) -> None:
    give_number(world.ben)
    page = start(world, "incident:1", "One")
    actions.respond(
        page_id=page.id,
        response=actions.Response.ESCALATE,
        user_id=world.ada.id,
        via="test",
        now=NOW,
        actor="system",
    )
    send()
    of_ben = Notice.objects.get(user=world.ben, kind="sms", purpose="page")
    write(f"{of_ben.reply_code}")
    page.refresh_from_db()
    assert page.holder_id == world.ben.id


def test_stop_ends_texts_with_a_repair_task_and_start_brings_them_back(world: PagedTeam) -> None:
    method = ContactMethod.objects.get(kind="sms")
    assert write("Stop") == []
    method.refresh_from_db()
    assert method.broken_at == NOW
    assert "STOP was sent" in method.broken_reason
    assert write("START") == ["You get pages by text message again."]
    method.refresh_from_db()
    assert method.broken_at is None


def test_what_is_written_back_is_not_in_the_inbox(world: PagedTeam) -> None:
    write("hello")
    found = queries.inbox(user_id=world.ada.id, now=NOW, cursor=None)
    assert not [one for one in found.items if one.purpose == "reply"]


def test_a_digest_is_acknowledged_and_not_resolved(world: PagedTeam) -> None:
    for number in range(7):
        start(world, f"incident:{number}", f"Page {number}")
    later = NOW + timedelta(minutes=2)
    rooms = {("sms", Urgency.HIGH): 100}
    (digest,) = notifications_actions.claim_due(rooms=rooms, now=later)
    notifications_actions.hand_over(ids=[digest.notice_id], now=later)
    (hint,) = write(f"{digest.reply_code} resolve")
    assert hint.startswith("Not understood")
    (done,) = write(f"{digest.reply_code}")
    assert done.startswith("Acknowledged: ")


def test_an_answer_to_what_is_over_says_so(world: PagedTeam) -> None:
    page = start(world, "incident:1", "One")
    actions.stop_pages(subjects=["incident:1"], reason="resolved", now=NOW, actor="system")
    assert write(f"{code_of(page)} ack") == ["Already over: CRITICAL Checkout: One"]
