"""Mail both ways: a tool mails an alert, a human is paged by mail and answers that mail."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from msgspec import Struct
from tests.factories.ports import free_port
from tests.scenarios.installation import Api, Installation, eventually, running
from tests.scenarios.setting import Team, make_team
from tests.scenarios.tools import Mailbox, text_of

DOMAIN = "in.example.org"
ADA = "ada.phone@example.org"

pytestmark = pytest.mark.usefixtures("quiet_afterwards")


class World(Struct, frozen=True, kw_only=True):
    installation: Installation
    api: Api
    team: Team
    mailbox: Mailbox
    port: int

    def deliver(self, mail: EmailMessage, *to: str, sender: str = "tool@example.net") -> None:
        """Hand a mail to the installation's own SMTP server, as another mail server does."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.sendmail(sender, list(to), mail.as_bytes(policy=SMTP))

    def alert(self, subject: str, *, tag: str = "") -> None:
        word = f"{self.team.key}+{tag}" if tag else self.team.key
        self.deliver(letter(subject, "See the graph.\n"), f"{word}@{DOMAIN}")

    def page_mail(self, containing: str) -> EmailMessage:
        return eventually(
            lambda: next(iter(self.mailbox.to(ADA, containing=containing)), None),
            what=f"a page mail about {containing!r}; see {self.installation.log}",
        )

    def answer(self, page_mail: EmailMessage, words: str, **headers: str) -> None:
        """What a mail program sends when its user answers: words, and the whole mail quoted."""
        quoted = "".join(f"> {line}\n" for line in text_of(page_mail).splitlines())
        mail = letter(
            f"Re: {page_mail['Subject']}",
            f"{words}\n\nOn Monday, Evenfall <evenfall@example.org> wrote:\n{quoted}",
            sender=ADA,
            **headers,
        )
        self.deliver(mail, str(page_mail["Reply-To"]), sender=ADA)

    def status(self, title: str) -> str:
        pages = self.api.get("/pages", show="all")["items"]
        return next((str(p["status"]) for p in pages if title in p["content"]["title"]), "")


def letter(
    subject: str, text: str, *, sender: str = "tool@example.net", **headers: str
) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, sender, "ops@example.org"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        mailbox = stack.enter_context(Mailbox())
        port = free_port()
        installation = stack.enter_context(
            running(
                tmp_path_factory.mktemp("mail"),
                EVENFALL_MAIL_HOST="127.0.0.1",
                EVENFALL_MAIL_PORT=str(mailbox.port),
                EVENFALL_MAIL_SECURITY="none",
                EVENFALL_MAIL_FROM="Evenfall <evenfall@example.org>",
                EVENFALL_MAIL_IN_ADDRESS=DOMAIN,
                EVENFALL_MAIL_IN_HOST="127.0.0.1",
                EVENFALL_MAIL_IN_PORT=str(port),
            )
        )
        api = installation.first_admin().api()
        team = make_team(api, kind="email")
        world = World(installation=installation, api=api, team=team, mailbox=mailbox, port=port)
        _verify_mail(world)
        yield world


def _verify_mail(world: World) -> None:
    method = world.api.post("/contact-methods", kind="email", address=ADA)
    mails = eventually(lambda: world.mailbox.to(ADA), what="the code by mail")
    code = re.search(r"\b(\d{6})\b", text_of(mails[0]))
    assert code, text_of(mails[0])
    assert mails[0]["Reply-To"] is None
    world.api.post(f"/contact-methods/{method['id']}/verify", code=code[1])


def test_a_mailed_alert_pages_and_the_answer_by_mail_acknowledges(world: World) -> None:
    world.alert("CRITICAL: disk of db1 is full", tag="db1")
    paged = world.page_mail("disk of db1")
    assert re.fullmatch(rf"page\+\S+@{re.escape(DOMAIN)}", str(paged["Reply-To"]))

    world.answer(paged, "I am on holiday, ack", Auto_Submitted="auto-replied")
    world.answer(paged, "What is this about?")
    said = eventually(
        lambda: next((m for m in world.mailbox.mails if m["X-Evenfall"] == "answer"), None),
        what="a short answer to the unclear one",
    )
    assert said["To"] == ADA
    assert "changed nothing" in text_of(said)
    assert world.status("disk of db1") == "paging"

    world.answer(paged, "ack, looking")
    eventually(lambda: world.status("disk of db1") == "acknowledged", what="the acknowledgement")
    world.answer(paged, "ack, looking")  # the mail server sends it a second time
    world.answer(paged, "resolved")
    eventually(lambda: world.status("disk of db1") == "resolved", what="the end of the page")

    world.alert("RESOLVED: disk of db1 is full", tag="db1")
    eventually(
        lambda: not world.api.get("/alerts", state="live")["items"], what="the end of the alert"
    )


def test_a_mail_survives_the_death_of_the_database_and_of_the_worker(world: World) -> None:
    world.installation.kill("postgres")
    mail = letter("CRITICAL: switch 4 is down", "See the rack.\n")
    address = f"{world.team.key}+sw4@{DOMAIN}"

    def delivered() -> bool:
        try:
            world.deliver(mail, address)
        except (smtplib.SMTPException, OSError):
            return False  # 4xx: the sender keeps it and comes again
        return True

    eventually(delivered, within_s=60, what="the mail taken after the database came back")
    world.installation.kill("worker intake")
    world.page_mail("switch 4")
    alerts = world.api.get("/alerts", state="live")["items"]
    assert [alert["dedup_key"] for alert in alerts] == ["sw4"]


def test_strangers_cannot_use_it(world: World) -> None:
    with smtplib.SMTP("127.0.0.1", world.port, timeout=10) as client:
        client.ehlo()
        client.mail("spam@example.com")
        assert client.rcpt("victim@example.com")[0] == 550
        assert client.rcpt(f"{'a' * 32}@{DOMAIN}")[0] == 550
    assert world.team.key not in world.installation.log.read_text()
