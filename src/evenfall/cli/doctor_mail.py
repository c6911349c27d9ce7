"""What doctor finds about mail, out and in."""

import imaplib
import smtplib
import ssl
from collections.abc import Iterator

from evenfall.cli.findings import Finding
from evenfall.config.environment import Environment

_TIMEOUT_S = 5
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - how to reach such a server


def mail(environment: Environment) -> Iterator[Finding]:
    if not environment.mail_host:
        mend = "Set EVENFALL_MAIL_HOST to be paged by e-mail; push and the inbox work without."
        yield Finding(what="mail", found="off", mend=mend, warning=True)
        return
    where = f"{environment.mail_host}:{environment.mail_port}"
    client = smtplib.SMTP_SSL if environment.mail_security == "tls" else smtplib.SMTP
    try:
        with client(environment.mail_host, environment.mail_port, timeout=_TIMEOUT_S) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        mend = "Check EVENFALL_MAIL_HOST, _PORT and _SECURITY."
        yield Finding(what="mail", found=f"{where} fails: {error}", mend=mend)
        return
    yield Finding(what="mail", found=f"{where} answers")


def mail_in(environment: Environment) -> Iterator[Finding]:
    """Look at the address for mail that comes in, at our SMTP server and at the mailbox."""
    is_used = bool(environment.mail_in_port or environment.imap_host)
    if not environment.mail_in_address:
        mend = "Set EVENFALL_MAIL_IN_ADDRESS to the domain or mailbox of these mails."
        yield Finding(what="mail in", found="off", mend=mend if is_used else "")
        return
    if not is_used:
        yield Finding(
            what="mail in",
            found=f"nothing reads the mails to {environment.mail_in_address}",
            mend="Set EVENFALL_MAIL_IN_PORT for our SMTP server, or EVENFALL_IMAP_HOST.",
        )
        return
    yield Finding(what="mail in", found=f"addresses at {environment.mail_in_address}")
    if environment.mail_in_port:
        yield from _certificate(environment)
        yield _listener(environment)
    if environment.imap_host:
        yield _mailbox(environment)


def _certificate(environment: Environment) -> Iterator[Finding]:
    if not environment.mail_in_certificate:
        mend = "Set EVENFALL_MAIL_IN_CERTIFICATE and EVENFALL_MAIL_IN_PRIVATE_KEY."
        yield Finding(what="mail in, STARTTLS", found="off", mend=mend, warning=True)
        return
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            environment.mail_in_certificate, environment.mail_in_private_key or None
        )
    except OSError as error:  # an SSLError is one
        mend = "Check the two files of EVENFALL_MAIL_IN_CERTIFICATE and _PRIVATE_KEY."
        yield Finding(what="mail in, STARTTLS", found=f"cannot be used: {error}", mend=mend)


def _listener(environment: Environment) -> Finding:
    host = _EVERY_ADDRESS.get(environment.mail_in_host, environment.mail_in_host)
    where = f"{environment.mail_in_host}:{environment.mail_in_port}"
    try:
        with smtplib.SMTP(host, environment.mail_in_port, timeout=_TIMEOUT_S) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        mend = (
            "Run evenfall up. A port below 1024 needs a right: see the how-to about alerts by mail."
        )
        return Finding(what="mail in, SMTP server", found=f"{where} fails: {error}", mend=mend)
    return Finding(what="mail in, SMTP server", found=f"{where} answers")


def _mailbox(environment: Environment) -> Finding:
    where = f"{environment.imap_user} at {environment.imap_host}:{environment.imap_port}"
    client = imaplib.IMAP4_SSL if environment.imap_security == "tls" else imaplib.IMAP4
    try:
        with client(environment.imap_host, environment.imap_port, timeout=_TIMEOUT_S) as server:
            if environment.imap_security == "starttls":
                server.starttls(ssl.create_default_context())
            server.login(environment.imap_user, environment.imap_password)
            answer, _ = server.select(f'"{environment.imap_folder}"', readonly=True)
    except (OSError, imaplib.IMAP4.error) as error:
        mend = "Check EVENFALL_IMAP_HOST, _PORT, _SECURITY, _USER and _PASSWORD."
        return Finding(what="mail in, mailbox", found=f"{where} fails: {error}", mend=mend)
    mend = "" if answer == "OK" else "Check EVENFALL_IMAP_FOLDER."
    return Finding(what="mail in, mailbox", found=f"{where} answers", mend=mend)
