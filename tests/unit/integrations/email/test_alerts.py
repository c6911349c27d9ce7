"""What is stored of a mail, and what the pipeline reads of it later."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenfall.alerting.ports import AlertUpdate, Refusal, Severity, UpdateAction
from evenfall.integrations.email.inbound.alerts import FLOOD_KEY, MailFormat, kept

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
FORMAT = MailFormat()
KEY = "k3y" * 10


def stored(
    raw: bytes, *, tag: str = "", sender: str | None = "a@b.example", flood: bool = False
) -> bytes:
    return kept(raw, tag=tag, secret=KEY, hint="…ey", envelope_sender=sender, flood=flood)


def decode(raw: bytes, *, tag: str = "", flood: bool = False) -> AlertUpdate:
    body = stored(raw, tag=tag, flood=flood)
    decoded = FORMAT.decode(body, received_at=NOW, mapping={})
    assert not decoded.errors
    (update,) = decoded.updates
    return update


def mail(subject: str = "Disk", **headers: str) -> bytes:
    found = EmailMessage()
    found["Subject"], found["From"] = subject, "tool@example.net"
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    found.set_content("text")
    return found.as_bytes()


@pytest.mark.parametrize(
    ("headers", "severity"),
    [
        ({"Importance": "high"}, Severity.CRITICAL),
        ({"X_Priority": "1 (Highest)"}, Severity.CRITICAL),
        ({"X_Priority": "5"}, Severity.INFO),
        ({"X_Severity": "warn", "Importance": "high"}, Severity.WARNING),
        ({"Importance": "normal"}, None),
    ],
)
def test_priority_counts_where_the_subject_says_nothing(
    headers: dict[str, str], severity: Severity | None
) -> None:
    assert decode(mail(**headers)).severity is severity
    assert decode(mail("warning: x", Importance="high")).severity is Severity.WARNING


def test_headers_of_ours_in_the_mail_count_for_nothing() -> None:
    forged = mail(X_Evenfall_Tag="other", X_Evenfall_Flood="yes")
    update = decode(forged, tag="mine")
    assert update.dedup_key == "mine"
    assert decode(forged).dedup_key not in {"other", FLOOD_KEY}


def test_a_tag_cannot_end_its_line() -> None:
    assert b"Evil" not in stored(mail(), tag="x\r\nEvil: yes").split(b"\r\n")[1]
    assert stored(mail(), tag="x\r\nEvil: yes").startswith(b"X-Evenfall-Tag: xEvil:yes\r\n")


def test_mails_without_a_subject_are_told_apart_by_their_text() -> None:
    first, second = (decode(b"From: a@b\r\n\r\n" + text) for text in (b"one", b"two"))
    assert first.summary == "one"
    assert first.dedup_key != second.dedup_key


def test_a_flood_is_one_alert() -> None:
    update = decode(mail("RESOLVED: x"), flood=True)
    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, FLOOD_KEY)


@given(st.binary(max_size=300), st.text(max_size=40), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_mail_is_kept_and_read(raw: bytes, tag: str, flood: bool) -> None:
    for start in (
        b"",
        b"Subject: =?utf-7?q?+2AA-?= ",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n",
    ):
        body = stored(start + raw + KEY.encode() + raw, tag=tag, flood=flood)
        assert KEY.encode() not in body
        for update in FORMAT.decode(body, received_at=NOW, mapping={}).updates:
            assert 0 < len(update.dedup_key) <= 255
            texts = (update.summary, update.dedup_key, *update.annotations.values())
            assert all(text.encode() and "\0" not in text for text in texts)


def test_over_http_nobody_speaks_it() -> None:
    assert FORMAT.refused(Refusal.INVALID).status == 400
    assert FORMAT.accepted(FORMAT.examine(b"", received_at=NOW, known={})).status == 202
