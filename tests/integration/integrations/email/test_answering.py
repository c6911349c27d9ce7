"""A page mail is answered by mail: only to its sealed address, only by a human, only once."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from tests.factories.paging import PagedTeam, make_paged_team, page_request, start_page

from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import AnswerBox, box_of
from evenfall.integrations.email.inbound.receiving import Receiver
from evenfall.integrations.email.inbound.replying import ShortAnswer
from evenfall.integrations.email.inbound.short_answers import compose
from evenfall.integrations.email.reply_address import LIFETIME, reply_address
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries
from evenfall.paging.logic.words import Status
from evenfall.paging.models import Digest, Page, PageAnswer
from evenfall.platform.clock import utc_now

from .conftest import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_in")]


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def page(world: PagedTeam) -> Page:
    return start_page(world, now=utc_now())


def address(about: Page | str) -> str:
    subject = about if isinstance(about, str) else f"page:{about.id}"
    notice = notifications_queries.notices_for(subject)[0]
    return reply_address(notice.id, now=utc_now())


def answer(
    page: Page | str, mail: EmailMessage | str, *, sender: str | None = "ada@example.org"
) -> list[ShortAnswer]:
    if isinstance(mail, str):
        mail = letter("Re: page", mail, sender="ada@example.org")
    box = box_of(address(page), now=utc_now())
    assert isinstance(box, AnswerBox)
    arrived = Arrived(raw=mail.as_bytes(), envelope_sender=sender, at=utc_now())
    return Receiver().receive(arrived, [box])


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("ack", Status.ACKNOWLEDGED),
        ("Bin dran!", Status.MOBILISED),
        ("resolved", Status.RESOLVED),
        ("besoin d'aide", Status.HELP),
    ],
)
def test_the_first_words_answer_the_page(page: Page, words: str, status: Status) -> None:
    assert not answer(page, f"{words}\n\n> the page")
    view = queries.page(page.id)
    assert (view.status, view.holder) == (status, "Ada")
    assert PageAnswer.objects.get().via == "email"


def test_the_same_mail_twice_answers_once(page: Page) -> None:
    answer(page, "ack")
    assert not answer(page, "ack")
    assert PageAnswer.objects.count() == 1


@pytest.mark.parametrize("words", ["", "> ack\n", "What is this?", "On Monday X wrote:\n> ack"])
def test_unclear_words_change_nothing_and_are_answered(page: Page, words: str) -> None:
    (said,) = answer(page, words or "\n")
    assert queries.page(page.id).status is Status.PAGING
    assert (said.to, said.subject) == ("ada@example.org", "Re: page")
    assert "changed nothing" in said.text


def test_robots_never_answer_a_page(page: Page) -> None:
    robots = [
        letter(Auto_Submitted="auto-replied", text="ack"),
        letter(Auto_Submitted="auto-generated", text="ack"),
        letter(Precedence="bulk", text="ack"),
        letter(List_Id="<x.example.org>", text="ack"),
        letter("Automatic reply: page", "ack"),
        letter(X_Autoreply="yes", text="ack"),
        letter(sender="evenfall@example.org", text="ack"),
    ]
    for robot in robots:
        assert not answer(page, robot)
    assert not answer(page, "ack", sender="")
    assert queries.page(page.id).status is Status.PAGING


def test_a_changed_address_answers_nothing(page: Page) -> None:
    right = address(page)
    word, _, domain = right.partition("@")
    other = f"{word[:-1]}{'a' if word[-1] != 'a' else 'b'}@{domain}"
    assert box_of(other, now=utc_now()) is None
    number = word.removeprefix("page+").split("-", 1)[0]
    moved = right.replace(f"+{number}-", f"+{int(number, 16) + 1:x}-")
    assert box_of(moved, now=utc_now()) is None
    assert box_of(right.upper(), now=utc_now()) is not None


def test_an_address_is_void_after_a_week(page: Page) -> None:
    given = address(page)
    assert box_of(given, now=utc_now() + LIFETIME - timedelta(hours=1)) is not None
    assert box_of(given, now=utc_now() + LIFETIME + timedelta(hours=2)) is None


def test_an_address_fits_into_what_mail_servers_take(page: Page) -> None:
    assert len(reply_address(2**40, now=utc_now()).partition("@")[0]) <= 64


def test_a_digest_takes_acknowledge_only(world: PagedTeam) -> None:
    paging_actions.start_pages(
        requests=[page_request(world, subject=f"incident:{number}") for number in range(8)],
        now=utc_now(),
        actor="system",
    )
    digest = Digest.objects.get()
    (said,) = answer(f"digest:{digest.id}", "escalate")
    assert "not possible" in said.text
    assert not answer(f"digest:{digest.id}", "ack")
    listed = queries.digest_pages(digest.id, user_id=world.ada.id)
    assert {one.status for one in listed} == {Status.ACKNOWLEDGED}


def test_a_short_answer_starts_no_loop(page: Page) -> None:
    (said,) = answer(page, "what?")
    mail = compose(said, now=utc_now())
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["From"] == settings.EVENFALL.mail_from
    assert mail["Reply-To"] is None
    assert not answer(page, mail)
