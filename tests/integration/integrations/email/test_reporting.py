"""Mail for the review: items, words on them, and what is of no use."""

import re
import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user

from evenfall.identity.models import Team
from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import ReportBox, box_of
from evenfall.integrations.email.inbound.receiving import Receiver
from evenfall.integrations.email.inbound.replying import ShortAnswer
from evenfall.integrations.email.inbound.short_answers import compose
from evenfall.integrations.email.item_address import item_address
from evenfall.notifications.models import Notice
from evenfall.platform.clock import utc_now
from evenfall.platform.mail_in import address_of
from evenfall.triage import actions, queries
from evenfall.triage.actions import MailSourceWish
from evenfall.triage.logic.clocks import Kind, Status
from evenfall.triage.models import Item, ItemEvent, ItemMail

from .conftest import Postman, letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_in")]
KIM = "kim@customer.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def team() -> Team:
    return make_team("Shop")


def open_source(team: Team, **wish: object) -> tuple[int, str]:
    """Return the number of a source and its address."""
    known = MailSourceWish(**{"name": "Customers", **wish})  # type: ignore[arg-type] # its fields
    number, key = actions.open_mail_source(team_id=team.id, wish=known, now=NOW, actor="system")
    return number, address_of(f"review+{key}")


def arrive(
    address: str,
    mail: EmailMessage | bytes | None = None,
    *,
    at: timedelta = timedelta(0),
    receiver: Receiver | None = None,
    sender: str = KIM,
) -> list[ShortAnswer]:
    mail = report() if mail is None else mail
    box = box_of(address, now=NOW + at)
    assert isinstance(box, ReportBox)
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    arrived = Arrived(raw=raw, envelope_sender=sender, at=NOW + at)
    return (receiver or Receiver()).receive(arrived, [box])


def report(
    subject: str = "Wrong dates",
    text: str = "The export is a day off.\n",
    *,
    sender: str = f"Kim Lee <{KIM}>",
    message_id: str = "<one@customer.example>",
    **headers: str,
) -> EmailMessage:
    return letter(subject, text, sender=sender, **{"Message_ID": message_id, **headers})


def answer_to(about: str = "<one@customer.example>", **more: str) -> EmailMessage:
    words = "It is version 3.\n\nOn Monday, Shop wrote:\n> Which version?\n"
    return report(
        "Re: Wrong dates", words, **{"message_id": "<two@x>", "In_Reply_To": about, **more}
    )


def test_a_mail_is_an_item_with_its_reporter(team: Team) -> None:
    service = make_service("Export", team=team)
    _, address = open_source(team, service_id=service.id)
    arrive(address)
    item = Item.objects.get()
    assert (item.title, item.description) == ("Wrong dates", "The export is a day off.")
    assert (item.source, item.team_id, item.service_id) == ("mail", team.id, service.id)
    assert (item.reporter_name, item.reporter_contact) == ("Kim Lee", KIM)
    assert ItemEvent.objects.get().actor == "mail"


def test_capital_letters_of_an_address_mean_nothing(team: Team) -> None:
    _, address = open_source(team)
    arrive(address.upper())
    assert Item.objects.count() == 1


def test_html_becomes_text_and_attachments_are_named(team: Team) -> None:
    _, address = open_source(team)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = KIM, ""
    mail.set_content("<style>p {}</style><p>It is <b>slow</b></p><script>x()</script>", "html")
    mail.add_attachment(b"secret" * 100, maintype="image", subtype="png", filename="screen.png")
    arrive(address, mail)
    item = Item.objects.get()
    assert item.title == "It is slow"
    assert item.description == "It is slow\n\nAttached, not kept: screen.png"


def test_one_message_id_is_one_item_however_often_it_comes(team: Team) -> None:
    _, address = open_source(team)
    for _ in range(3):
        arrive(address)
    arrive(address, report(message_id=""))
    arrive(address, report(message_id=""))
    assert Item.objects.count() == 2


def test_who_reports_is_told_the_number_by_a_mail_that_starts_no_loop(team: Team) -> None:
    _, address = open_source(team)
    (said,) = arrive(address)
    item = Item.objects.get()
    mail = compose(said, now=NOW)
    assert f"Shop has it as number {item.pk}." in mail.get_content()
    assert "You get an answer until 20" in mail.get_content()
    assert "http" not in mail.get_content()
    assert (mail["To"], mail["Auto-Submitted"], mail["Precedence"]) == (KIM, "auto-replied", "bulk")
    assert (mail["Reply-To"], mail["References"]) == (
        item_address(item.pk),
        "<one@customer.example>",
    )
    arrive(address, mail.as_bytes())
    assert Item.objects.count() == 1
    assert "came back" in ItemMail.objects.get(item=None).problem
    assert not arrive(address), "the same mail again is not answered again"


def test_a_source_that_shall_not_answer_does_not(team: Team) -> None:
    _, address = open_source(team, answers=False)
    assert not arrive(address)


def test_a_form_may_report_and_is_not_answered(team: Team) -> None:
    _, address = open_source(team)
    assert not arrive(address, report(Auto_Submitted="auto-generated"))
    assert not arrive(address, report(message_id="<l@x>", List_Id="<users.example.org>"))
    assert not arrive(address, report(message_id="<m@x>", sender=address))
    assert not arrive(address, report(message_id="<n@x>"), sender="")
    assert Item.objects.count() == 4


@pytest.mark.parametrize(
    "mail",
    [
        report(Auto_Submitted="auto-replied"),
        report("Out of office: Wrong dates"),
        report(X_Autoreply="yes"),
        report(sender="mailer-daemon@example.net"),
        report("", " \n"),
    ],
)
def test_what_is_of_no_use_is_kept_with_the_reason(team: Team, mail: EmailMessage) -> None:
    number, address = open_source(team)
    assert not arrive(address, mail)
    assert not Item.objects.exists()
    (refused,) = queries.refused_mails(number)
    assert refused.problem
    assert queries.mail_source(team.id, number).refused == 1


def test_a_flood_is_noted_and_then_dropped(team: Team) -> None:
    number, address = open_source(team)
    receiver = Receiver()
    for count in range(15):
        arrive(address, report(message_id=f"<{count}@x>"), receiver=receiver)
    assert (Item.objects.count(), len(queries.refused_mails(number))) == (5, 5)
    assert "More than 5 mails" in queries.refused_mails(number)[0].problem


def test_an_answer_is_a_word_on_the_item_and_ends_the_wait_for_it(team: Team) -> None:
    _, address = open_source(team)
    make_membership(team, make_user("Ada"))
    arrive(address)
    item = Item.objects.get()
    actions.ask_reporter(item_id=item.pk, text="Which version?", now=NOW + HOUR, actor="system")
    assert not arrive(address, answer_to(), at=2 * HOUR)
    arrive(address, answer_to(), at=3 * HOUR)
    history = queries.history(item.pk)
    assert [one.what.value for one in history] == ["reported", "asked", "commented", "resumed"]
    assert history[2].text == f"{KIM}: It is version 3."
    shown = queries.item(item.pk, now=NOW + 2 * HOUR)
    assert shown.state.value == "new"
    clocks = {one.kind: one for one in shown.clocks}
    assert clocks[Kind.DECISION].wall_paused == HOUR
    assert clocks[Kind.FIRST_RESPONSE].status is Status.KEPT
    assert all("New word" in notice.content["title"] for notice in Notice.objects.all())


def test_the_sealed_address_of_an_item_is_enough(team: Team) -> None:
    _, address = open_source(team)
    arrive(address)
    item = Item.objects.get()
    arrive(item_address(item.pk).upper(), report("More", "Also times.", message_id="<t@x>"))
    assert queries.history(item.pk)[-1].text == f"{KIM}: Also times."
    assert box_of(item_address(item.pk + 1), now=NOW) is None
    other = item_address(item.pk).replace(f"item+{item.pk:x}-", f"item+{item.pk + 1:x}-")
    assert box_of(other, now=NOW) is None


def test_an_answer_to_the_item_and_the_source_is_one_word(team: Team) -> None:
    _, address = open_source(team)
    arrive(address)
    boxes = [box_of(one, now=NOW) for one in (address, item_address(Item.objects.get().pk))]
    mail = report("More", "Also times.", message_id="<t@x>").as_bytes()
    arrived = Arrived(raw=mail, envelope_sender=KIM, at=NOW)
    Receiver().receive(arrived, [box for box in boxes if box is not None])
    assert Item.objects.count() == 1
    assert ItemEvent.objects.filter(what="commented").count() == 1


@pytest.mark.parametrize(
    "sender", ["", "nobody", "a b@x.org", '"a,b"@x.org', "kim@x.org, ben@x.org:;", "k\u00fc@x.org"]
)
def test_only_one_plain_address_is_answered(team: Team, sender: str) -> None:
    _, address = open_source(team)
    raw = f"From: {sender}\r\nSubject: Wrong dates\r\n\r\nIt is.\r\n".encode()
    said = arrive(address, raw)
    assert [one.to for one in said] in ([], ["kim@x.org"])
    assert Item.objects.count() == 1


def test_neither_robots_nor_colleagues_end_the_wait_for_the_reporter(team: Team) -> None:
    _, address = open_source(team)
    ada = make_user("Ada")
    arrive(address)
    item = Item.objects.get()
    actions.ask_reporter(item_id=item.pk, text="Which version?", now=NOW + HOUR, actor="system")
    arrive(address, answer_to(Precedence="bulk"), at=2 * HOUR)
    arrive(address, answer_to(sender=ada.email, message_id="<ada@x>"), at=2 * HOUR)
    arrive(address, answer_to(Auto_Submitted="auto-replied", message_id="<r@x>"), at=2 * HOUR)
    item.refresh_from_db()
    assert item.state == "needs_info"
    assert ItemEvent.objects.filter(what="commented").count() == 2


def test_a_word_on_what_ended_is_kept_and_changes_nothing(team: Team) -> None:
    _, address = open_source(team)
    arrive(address)
    item = Item.objects.get()
    actions.decline(item_id=item.pk, text="No", now=NOW + HOUR, actor="system")
    arrive(address, answer_to(), at=2 * HOUR)
    item.refresh_from_db()
    assert (item.state, item.ended_at) == ("declined", NOW + HOUR)
    assert queries.history(item.pk)[-1].what.value == "commented"


def test_a_thread_of_another_source_is_not_ours(team: Team) -> None:
    _, address = open_source(team)
    _, other = open_source(make_team("Bank"))
    arrive(address)
    arrive(other, answer_to())
    assert Item.objects.count() == 2


def test_a_closed_address_takes_nothing(team: Team) -> None:
    number, address = open_source(team)
    arrive(address)
    actions.close_mail_source(team_id=team.id, source_id=number, now=NOW, actor="system")
    assert box_of(address, now=NOW) is None
    assert box_of(item_address(Item.objects.get().pk), now=NOW) is None
    assert queries.mail_sources(team.id) == []


def test_of_mails_of_no_use_the_last_hundred_are_kept(team: Team) -> None:
    number, _ = open_source(team)
    for count in range(103):
        mail = actions.IncomingMail(
            message_id=f"{count}", sender=KIM, subject=f"{count}", text="", problem="a program"
        )
        actions.take_mail(source_id=number, mail=mail, now=NOW)
    assert ItemMail.objects.count() == 100
    assert queries.refused_mails(number)[0].subject == "102"


@pytest.mark.parametrize("secret", ["x" * 32, "", "é" * 32])
def test_an_unknown_address_is_nobodys(secret: str) -> None:
    assert box_of(address_of(f"review+{secret}"), now=NOW) is None


@pytest.mark.django_db(transaction=True)
def test_a_real_mail_server_delivers_it(postman: Postman, team: Team) -> None:
    _, address = open_source(team)
    postman.send(report(), address, sender=KIM)
    assert Item.objects.get().title == "Wrong dates"
    assert Item.objects.get().reported_at <= utc_now()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        postman.send(report(), address_of(f"review+{'a' * 32}"), sender=KIM)
    large = report(text="x" * settings.EVENFALL.mail_in_largest, message_id="<large@x>")
    with pytest.raises(smtplib.SMTPResponseException, match="552"):
        postman.send(large, address, sender=KIM)


def test_addresses_fit_into_what_mail_servers_take(team: Team) -> None:
    _, address = open_source(team)
    assert re.fullmatch(r"review\+[a-z0-9]{32}", address.partition("@")[0])
    assert len(item_address(2**50).partition("@")[0]) <= 64
