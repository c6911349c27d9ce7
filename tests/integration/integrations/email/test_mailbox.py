"""A mailbox is read over IMAP: every mail once, whatever breaks in between."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import override_settings
from tests.factories.alerting import receive

from evenfall.alerting.models import Alert, Signal
from evenfall.integrations.email.inbound import mailbox as mailbox_module
from evenfall.integrations.email.inbound.mailbox import BEAT, Mailbox
from evenfall.platform.models import Beat

from .conftest import DOMAIN, Box, letter, make_box
from .imap_server import Server, imap_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    with imap_server() as server:
        env = replace(
            settings.EVENFALL,
            mail_in_address=f"alerts@{DOMAIN}",
            imap_host="127.0.0.1",
            imap_port=server.port,
            imap_user="alerts",
            imap_password="secret",
            imap_security="none",
            mail_in_largest=50_000,
        )
        with override_settings(EVENFALL=env):
            yield server


@pytest.fixture
def box(server: Server) -> Box:
    return make_box(NOW)


def raw(box: Box, subject: str = "Disk", *, tag: str = "") -> bytes:
    word = f"{box.key}+{tag}" if tag else box.key
    mail = letter(subject, Delivered_To=f"alerts+{word}@{DOMAIN}")
    return mail.as_bytes()


def problem() -> str:
    return str(Beat.objects.get(name=BEAT).detail["problem"])


def test_unread_mails_become_alerts_and_are_marked(server: Server, box: Box) -> None:
    server.inbox.add(raw(box, "old"), r"\Seen")
    server.inbox.add(raw(box, "Disk", tag="disk"))
    assert Mailbox().read(now=NOW) == 1
    receive(NOW)
    alert = Alert.objects.get()
    assert (alert.summary, alert.dedup_key) == ("Disk", "disk")
    assert [sorted(mail.flags) for mail in server.inbox.mails] == [[r"\Seen"], [r"\Seen"]]


def test_a_mail_that_somebody_read_first_still_counts(server: Server, box: Box) -> None:
    Mailbox().read(now=NOW)
    server.inbox.add(raw(box), r"\Seen")
    assert Mailbox().read(now=NOW) == 1
    assert Mailbox().read(now=NOW) == 0
    assert Signal.objects.count() == 1


def test_a_mail_is_marked_only_after_the_commit_and_never_counted_twice(
    server: Server, box: Box
) -> None:
    server.inbox.add(raw(box))
    server.hang_up_at = "STORE"
    Mailbox().read(now=NOW)
    assert Signal.objects.count() == 1
    assert not server.inbox.mails[0].flags
    server.hang_up_at = ""
    assert Mailbox().read(now=NOW) == 0
    assert Signal.objects.count() == 1


def test_nothing_is_marked_when_it_cannot_be_kept(
    server: Server, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.inbox.add(raw(box))
    monkeypatch.setattr(mailbox_module, "_save", _away_at_the_first_mail(mailbox_module._save))
    with pytest.raises(RuntimeError):
        Mailbox().read(now=NOW)
    assert not Signal.objects.exists()
    assert not server.inbox.mails[0].flags
    monkeypatch.undo()
    assert Mailbox().read(now=NOW) == 1


def _away_at_the_first_mail(save: object) -> object:
    def fails(place: mailbox_module.Place, now: datetime, *, problem: str = "") -> None:
        if place.last_uid:
            raise RuntimeError("the database is away")
        save(place, now, problem=problem)  # type: ignore[operator] # the function replaced

    return fails


def test_a_new_numbering_reads_the_unread_mails_only(server: Server, box: Box) -> None:
    server.inbox.add(raw(box, "one"))
    Mailbox().read(now=NOW)
    server.inbox.validity += 1
    server.inbox.next_uid = 1
    old = server.inbox.mails.pop()
    server.inbox.add(old.raw, *old.flags)
    server.inbox.add(raw(box, "two"))
    assert Mailbox().read(now=NOW) == 1
    assert Signal.objects.count() == 2


def test_read_mails_are_moved_where_the_settings_say(server: Server, box: Box) -> None:
    server.inbox.add(raw(box))
    with override_settings(EVENFALL=replace(settings.EVENFALL, imap_done_folder="Done")):
        Mailbox().read(now=NOW)
    assert not server.inbox.mails
    assert len(server.folders["Done"].mails) == 1


def test_foreign_and_too_large_mails_are_left_alone(server: Server, box: Box) -> None:
    server.inbox.add(letter(To_="x").as_bytes())
    server.inbox.add(raw(box) + b"x" * 60_000)
    server.inbox.add(raw(box))
    assert Mailbox().read(now=NOW) == 1
    assert [sorted(mail.flags) for mail in server.inbox.mails] == [[], [], [r"\Seen"]]
    assert Signal.objects.count() == 1


def test_a_wrong_password_is_noted(server: Server, box: Box) -> None:
    server.password = "other"
    assert Mailbox().read(now=NOW) == 0
    assert "wrong password" in problem()
    server.password = "secret"
    Mailbox().read(now=NOW)
    assert not problem()
