"""Real SMTP against our own server, with a real database behind it."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from tests.factories.alerting import receive
from tests.factories.certificates import certificate as certificate_in

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.models import Alert, Integration, Signal
from evenfall.integrations.email.inbound import listener as listener_module
from evenfall.platform.clock import utc_now

from .conftest import Box, Postman, letter

pytestmark = pytest.mark.django_db(transaction=True)


def refused(postman: Postman, address: str) -> tuple[int, bytes]:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        postman.send(letter(), address)
    return next(iter(caught.value.recipients.values()))


def test_a_mail_becomes_an_alert_and_the_next_one_ends_it(postman: Postman, box: Box) -> None:
    postman.send(letter("CRITICAL: disk full on db1"), box.address())
    receive(utc_now())
    alert = Alert.objects.get()
    assert (alert.summary, alert.severity, alert.state) == (
        "CRITICAL: disk full on db1",
        "critical",
        "open",
    )
    assert alert.annotations["description"] == "Only 3 % left."
    postman.send(letter("RESOLVED: disk full on db1"), box.address())
    receive(utc_now())
    alert.refresh_from_db()
    assert alert.state == "resolved"


def test_the_word_behind_the_plus_names_the_alert(postman: Postman, box: Box) -> None:
    postman.send(letter("It burns"), box.address("Rack-7"))
    postman.send(letter("It burns more"), box.address("Rack-7"))
    postman.send(letter("It burns"), box.address("Rack-8"))
    receive(utc_now())
    found = Alert.objects.order_by("dedup_key").values_list("dedup_key", "count")
    assert list(found) == [("Rack-7", 2), ("Rack-8", 1)]


def test_capital_letters_on_the_way_do_not_matter(postman: Postman, box: Box) -> None:
    postman.send(letter(), box.address().upper())
    assert Signal.objects.count() == 1


def test_unknown_and_foreign_addresses_are_refused(postman: Postman, box: Box) -> None:
    assert refused(postman, "somebody@in.example.org")[0] == 550
    assert refused(postman, f"{'a' * 32}@in.example.org")[0] == 550
    assert refused(postman, "page+1f-70000-" + "a" * 26 + "@in.example.org")[0] == 550
    code, words = refused(postman, "victim@example.com")
    assert (code, b"5.7.1" in words) == (550, True)
    assert not Signal.objects.exists()
    unknown = alerting_queries.unknown_keys(now=utc_now())
    assert unknown is not None
    assert (unknown.count, unknown.ends_with) == (1, "aaaa")


def test_one_good_address_of_two_is_enough(postman: Postman, box: Box) -> None:
    postman.send(letter(), box.address(), "nobody@in.example.org")
    assert Signal.objects.count() == 1


def test_a_rotated_address_works_for_a_while(postman: Postman, box: Box) -> None:
    alerting_actions.rotate_key(integration_id=box.id, now=utc_now(), actor="system")
    postman.send(letter(), box.address())
    Integration.objects.update(previous_key_until=utc_now() - timedelta(minutes=1))
    assert refused(postman, box.address())[0] == 550


def test_an_integration_that_is_off_refuses(postman: Postman, box: Box) -> None:
    alerting_actions.switch_integration(
        integration_id=box.id, enabled=False, now=utc_now(), actor="system"
    )
    assert refused(postman, box.address())[0] == 550


def test_the_raw_mail_is_kept_without_the_secret_and_the_attachments(
    postman: Postman, box: Box
) -> None:
    mail = letter("Graph", X_Original_To=box.address())
    mail.add_attachment(b"\x89PNG" * 500, maintype="image", subtype="png", filename="graph.png")
    postman.send(mail, box.address())
    receive(utc_now())
    raw = bytes(Signal.objects.get().body)
    assert box.key.encode() not in raw
    assert f"…{box.key[-4:]}".encode() in raw
    assert len(raw) < 1500
    alert = Alert.objects.get()
    assert alert.details["attachments (not kept)"] == ["graph.png (image/png, 2000 bytes)"]
    shown = alerting_queries.raw_signal(alert.id)
    assert shown is not None
    assert "Subject: Graph" in str(shown.text)


def test_a_mail_that_is_too_large_is_refused(postman: Postman, box: Box) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as caught:
        postman.send(letter(text="x" * 70 + "\n" + ("y" * 70 + "\n") * 2000), box.address())
    assert caught.value.smtp_code == 552
    assert not Signal.objects.exists()


def test_one_bad_filter_makes_no_storm(postman: Postman, box: Box) -> None:
    for number in range(8):
        postman.send(letter(f"Trouble {number}"), box.address(f"t{number}"))
    postman.send(letter("RESOLVED: Trouble 1"), box.address("t1"))
    receive(utc_now())
    keys = Alert.objects.values_list("dedup_key", "count", "state")
    assert sorted(keys) == [
        ("t0", 1, "open"),
        ("t1", 1, "resolved"),
        ("t2", 1, "open"),
        ("t3", 1, "open"),
        ("t4", 1, "open"),
        ("too-many-mails", 3, "open"),
    ]
    assert "More than 5 mails" in Integration.objects.get().last_error


@pytest.mark.parametrize(
    ("mail", "sender", "reason"),
    [
        (letter(sender="Evenfall <evenfall@example.org>"), "a@b.example", "came back"),
        (letter(Message_ID="<notice-12@example.org>"), "a@b.example", "came back"),
        (letter(Auto_Submitted="auto-replied (vacation)"), "a@b.example", "automatic reply"),
        (letter(sender="MAILER-DAEMON@example.net"), "", "could not be delivered"),
    ],
)
def test_robots_and_our_own_mails_become_no_alert_but_a_note(
    postman: Postman, box: Box, mail: EmailMessage, sender: str, reason: str
) -> None:
    postman.send(mail, box.address(), sender=sender)
    receive(utc_now())
    assert not Alert.objects.exists()
    assert Signal.objects.count() == 1
    assert reason in Integration.objects.get().last_error


def test_mails_of_tools_and_lists_are_alerts(postman: Postman, box: Box) -> None:
    mail = letter(
        Auto_Submitted="auto-generated", List_Id="<alerts.example.org>", Precedence="bulk"
    )
    postman.send(mail, box.address())
    receive(utc_now())
    assert Alert.objects.count() == 1


def test_the_sender_comes_again_when_the_mail_cannot_be_kept(postman: Postman, box: Box) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE alerting_signal_batch RENAME TO away")
        try:
            with pytest.raises(smtplib.SMTPDataError) as caught:
                postman.send(letter(), box.address())
        finally:
            cursor.execute("ALTER TABLE away RENAME TO alerting_signal_batch")
    assert caught.value.smtp_code == 451
    assert not Signal.objects.exists()


def test_too_many_connections_are_turned_away(
    postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener_module, "CONNECTIONS_OF_ONE", 2)
    kept = [postman.open(), postman.open()]
    with pytest.raises(smtplib.SMTPConnectError) as caught:
        postman.open()
    assert caught.value.smtp_code == 421
    kept.pop().quit()
    with postman.open() as again:
        assert again.noop()[0] == 250


def test_whoever_guesses_addresses_is_slowed_down(postman: Postman, box: Box) -> None:
    with postman.open() as client:
        client.ehlo()
        client.mail("a@b.example")
        codes = [client.rcpt(f"guess{number}@in.example.org")[0] for number in range(6)]
        assert codes == [550] * 6
        assert client.rcpt(box.address())[0] == 550


def test_a_connection_cut_in_the_middle_keeps_nothing(postman: Postman, box: Box) -> None:
    with socket.create_connection(("127.0.0.1", postman.port), timeout=10) as raw:
        for line in ("EHLO x", "MAIL FROM:<a@b.example>", f"RCPT TO:<{box.address()}>", "DATA"):
            raw.recv(2000)
            raw.sendall(f"{line}\r\n".encode())
        raw.recv(2000)
        raw.sendall(b"Subject: half\r\n\r\nha")
    postman.send(letter("whole"), box.address())
    assert Signal.objects.count() == 1


def test_one_very_long_line_is_taken(postman: Postman, box: Box) -> None:
    postman.send(b"Subject: long\r\n\r\n" + b"x" * 20_000 + b"\r\n", box.address())
    assert Signal.objects.count() == 1


@pytest.fixture
def certificate(tmp_path: Path, mail_in: None) -> Iterator[Path]:
    """A certificate for localhost that signs itself, set for the server."""
    made = certificate_in(tmp_path)
    env = replace(
        settings.EVENFALL, mail_in_certificate=str(made.chain), mail_in_private_key=str(made.key)
    )
    with override_settings(EVENFALL=env):
        yield made.chain


def test_mail_comes_encrypted_where_a_certificate_is_set(
    certificate: Path, postman: Postman, box: Box
) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with smtplib.SMTP("localhost", postman.port, timeout=10) as client:
        client.starttls(context=context)
        client.sendmail("a@b.example", [box.address()], letter().as_bytes(policy=SMTP))
    assert Signal.objects.count() == 1
