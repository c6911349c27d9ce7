"""Which mails no human and no tool meant for us: answers of robots, bounces, our own.

Three gates. Alerts of tools are written by robots and often come through lists, so an alert is only
refused when it cannot be one. A report for the review may come from a form or a list too, but an
out-of-office note is none. An answer to a page must come from a human, so every sign of a robot
or of a list keeps it from acting.
"""

from email.utils import parseaddr
from typing import Final

from evenfall.integrations.email.inbound.mail import Mail

OURS: Final = "X-Evenfall"  # a header of every mail that we send
_DAEMONS: Final = ("mailer-daemon", "postmaster")
_ROBOT_HEADERS: Final = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "X-Mail-Autoreply")
_LIST_HEADERS: Final = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List")
# programs that are too old for the headers
_ROBOT_SUBJECTS: Final = (
    *("automatic reply", "auto-reply", "autoreply", "out of office", "automatische antwort"),
    *("abwesenheit", "réponse automatique", "respuesta automática", "resposta automática"),
)
_NOT_ONE_TO_ONE: Final = frozenset({"bulk", "junk", "list", "auto_reply"})


def why_no_alert(mail: Mail, *, envelope_sender: str | None, our_sender: str) -> str:
    """Why no alert may be made of a mail, "" when one may.

    `envelope_sender` is "" for the null sender of bounces, None where it is not known;
    `our_sender` is EVENFALL_MAIL_FROM.
    """
    return _why_ours(mail, our_sender) or _why_bounce(mail, envelope_sender) or _why_reply(mail)


def why_no_report(mail: Mail, *, envelope_sender: str | None, our_sender: str) -> str:
    """Why a mail is of no use to the review, "" when it is."""
    return why_no_alert(
        mail, envelope_sender=envelope_sender, our_sender=our_sender
    ) or _why_robot_subject(mail)


def why_no_answer(mail: Mail, *, envelope_sender: str | None, our_sender: str) -> str:
    """Why a mail may not answer a page, "" when it may."""
    return (
        why_no_alert(mail, envelope_sender=envelope_sender, our_sender=our_sender)
        or _why_automatic(mail, envelope_sender)
        or _why_listed(mail)
    )


def _why_ours(mail: Mail, our_sender: str) -> str:
    ours = parseaddr(our_sender)[1].lower()
    domain = ours.rpartition("@")[2]
    message_id = mail.header("Message-ID").strip("<>")
    if mail.header(OURS) or mail.sender == ours:
        return "it is a mail of Evenfall itself, which came back"
    if message_id.startswith("notice-") and message_id.endswith(f"@{domain}"):
        return "it is a mail of Evenfall itself, which came back"
    return ""


def _why_bounce(mail: Mail, envelope_sender: str | None) -> str:
    is_report = mail.message.get_content_type() == "multipart/report"
    is_daemon = mail.sender.partition("@")[0] in _DAEMONS
    if is_daemon or (is_report and not envelope_sender):
        return "it is the report of a mail that could not be delivered"
    return ""


def _why_reply(mail: Mail) -> str:
    """An answer that a robot gave to somebody's mail, such as an out-of-office note."""
    submitted = mail.header("Auto-Submitted").lower()
    asked = mail.header("Precedence").lower()
    if submitted.startswith("auto-replied") or asked == "auto_reply":
        return "it is an automatic reply"
    return "it is an automatic reply" if _has_any(mail, _ROBOT_HEADERS) else ""


def _why_automatic(mail: Mail, envelope_sender: str | None) -> str:
    submitted = mail.header("Auto-Submitted").lower()
    is_robot = bool(submitted) and not submitted.startswith("no")
    if is_robot or envelope_sender == "":
        return "a program sent it"
    return _why_robot_subject(mail)


def _why_robot_subject(mail: Mail) -> str:
    is_robot = mail.subject.lower().startswith(_ROBOT_SUBJECTS)
    return "it is an automatic reply" if is_robot else ""


def _why_listed(mail: Mail) -> str:
    is_bulk = mail.header("Precedence").lower() in _NOT_ONE_TO_ONE
    return "it came through a mailing list" if is_bulk or _has_any(mail, _LIST_HEADERS) else ""


def _has_any(mail: Mail, names: tuple[str, ...]) -> bool:
    return any(map(mail.header, names))
