"""Mails of every quality are read as well as they can be."""

from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.email.inbound.mail import Mail


def test_headers_are_read_in_their_own_letters() -> None:
    mail = Mail(
        b"Subject: =?iso-8859-1?q?Sp=FClmaschine?= is\r\n =?utf-8?b?w7xiZXI=?=\r\n"
        b"From: =?utf-8?q?J=C3=B6rg?= <Joerg@Example.org>\r\n\r\n"
    )
    assert mail.subject == "Spülmaschine is über"
    assert mail.sender == "joerg@example.org"


def test_raw_utf8_in_a_header_is_read() -> None:
    assert Mail("Subject: Größe\r\n\r\n".encode()).subject == "Größe"


def test_an_unknown_charset_is_survived() -> None:
    mail = Mail(
        b"Subject: =?x-nobody?q?caf=E9?=\r\nContent-Type: text/plain; charset=x-nobody\r\n\r\n"
        b"caf\xe9"
    )
    assert mail.subject == "café"
    assert mail.text == "café"


def test_broken_base64_is_survived() -> None:
    mail = Mail(b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n!!!not")
    assert isinstance(mail.text, str)


def test_html_is_read_where_there_is_no_text() -> None:
    mail = EmailMessage()
    mail.set_content(
        "<head><style>p {color: red}</style></head><p>Disk &amp; more</p><p>full</p>"
        "<script>alert(1)</script><blockquote>quoted</blockquote>",
        subtype="html",
    )
    assert Mail(mail.as_bytes()).text == "Disk & more\n\nfull\n\n> quoted"


def test_the_plain_part_wins_and_attachments_are_listed() -> None:
    mail = EmailMessage()
    mail.set_content("plain words")
    mail.add_alternative("<p>other words</p>", subtype="html")
    mail.add_attachment(b"12345", maintype="image", subtype="png", filename="graph.png")
    mail.add_attachment("log", filename="notes.txt")
    read = Mail(mail.as_bytes())
    assert read.text == "plain words"
    assert [one.words() for one in read.attachments] == [
        "graph.png (image/png, 5 bytes)",
        "notes.txt (text/plain, 4 bytes)",
    ]


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    for start in (b"", b"Subject: ", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"):
        mail = Mail(start + raw)
        read = (mail.subject, mail.sender, mail.text, mail.attachments, mail.header("X"))
        assert "\0" not in mail.text + mail.subject
        assert read
