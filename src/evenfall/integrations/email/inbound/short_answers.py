"""Send the few words that answer a mail that came in. They are worth one try, no more."""

import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from django.conf import settings

from evenfall.integrations.email.connections import Connections, StaleConnectionError
from evenfall.integrations.email.inbound.allowance import Allowance
from evenfall.integrations.email.inbound.guards import OURS
from evenfall.integrations.email.inbound.replying import ShortAnswer
from evenfall.integrations.email.servers import mail_server
from evenfall.platform.logs import get_logger

_MOST: Final = 3  # about one thing: two robots must not talk all night
_WINDOW: Final = timedelta(hours=1)

log = get_logger(__name__)


class Answerer:
    """Sends short answers, at most three an hour about one thing."""

    def __init__(self) -> None:
        self._allowed = Allowance(_MOST, _WINDOW)

    def send(self, answers: Iterable[ShortAnswer], *, now: datetime) -> None:
        """Send each; a failure is logged and forgotten."""
        server = mail_server()
        for answer in answers:
            if not server.host or not self._allowed.take(answer.about, now=now):
                continue
            try:
                with Connections().borrow(server, fresh=True) as connection:
                    connection.send_message(compose(answer, now=now))
                    connection.quit()
            except (smtplib.SMTPException, StaleConnectionError, OSError, ValueError) as error:
                log.warning("a short answer could not be sent", problem=str(error))


def compose(answer: ShortAnswer, *, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.EVENFALL.mail_from
    mail["To"] = answer.to
    mail["Subject"] = answer.subject
    mail["Date"] = format_datetime(now)
    mail["Auto-Submitted"] = "auto-replied"
    mail["Precedence"] = "bulk"
    mail[OURS] = "answer"
    if answer.in_reply_to.isascii() and answer.in_reply_to.isprintable() and answer.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = answer.in_reply_to[:200]
    if answer.reply_to:
        mail["Reply-To"] = answer.reply_to
    link = f"\n\n{settings.EVENFALL.public_url}{answer.link}" if answer.link else ""
    mail.set_content(f"{answer.text}{link}\n")
    return mail
