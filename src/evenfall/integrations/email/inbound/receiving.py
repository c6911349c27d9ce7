"""What becomes of a mail, whichever way it came. Everything of one mail is one commit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from evenfall.alerting import actions as alerting_actions
from evenfall.integrations.email.inbound import alerts
from evenfall.integrations.email.inbound.allowance import Allowance
from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import AlertBox, AnswerBox, Box, ReportBox
from evenfall.integrations.email.inbound.guards import why_no_alert
from evenfall.integrations.email.inbound.mail import Mail
from evenfall.integrations.email.inbound.replying import ShortAnswer, take_answer
from evenfall.integrations.email.inbound.reports import take_report
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import counter

_MINUTE: Final = timedelta(minutes=1)

log = get_logger(__name__)
mails = counter("evenfall_mails_received_total", "Mails that came in", ("became",))


class Receiver:
    """Takes mails for the boxes of this installation. Safe between threads."""

    def __init__(self) -> None:
        self._allowed = Allowance(settings.EVENFALL.mail_in_per_minute, _MINUTE)

    def receive(self, arrived: Arrived, boxes: Sequence[Box]) -> list[ShortAnswer]:
        """Keep the mail for each box; return what to answer to whom, after the commit.

        Raises what the database raises: then nothing is kept, and the sender must come again.
        """
        mail = Mail(arrived.raw)
        answers = []
        with transaction.atomic():
            for box in sorted(boxes, key=_is_source):  # what is about an item makes no other
                if isinstance(box, AnswerBox):
                    answers.append(
                        take_answer(mail, box.notice_id, arrived.envelope_sender, now=arrived.at)
                    )
                elif isinstance(box, ReportBox):
                    answers.append(self._report(mail, arrived, box))
                else:
                    self._keep(mail, arrived, box)
        return [answer for answer in answers if answer is not None]

    def _report(self, mail: Mail, arrived: Arrived, box: ReportBox) -> ShortAnswer | None:
        """Of a flood some mails are noted, and the rest is dropped: it may be a loop."""
        about = ("review", box.source_id)
        is_flood = not self._allowed.take(about, now=arrived.at)
        if is_flood and not self._allowed.take((*about, "flood"), now=arrived.at):
            mails.labels("dropped").inc()
            return None
        problem = _too_many() if is_flood else ""
        mails.labels("ignored" if problem else "report").inc()
        return take_report(mail, arrived, box, problem=problem)

    def _keep(self, mail: Mail, arrived: Arrived, box: AlertBox) -> None:
        problem = _why_none(mail, arrived)
        is_over = alerts.is_over(arrived.raw, box.sender.mapping)
        flood = not is_over and not self._allowed.take(box.sender.integration_id, now=arrived.at)
        if problem and flood:
            mails.labels("dropped").inc()  # a loop: its first mails are kept, and tell all
            return
        if flood:
            problem = _flood_words()
        mails.labels("counted" if flood else "ignored" if problem else "alert").inc()
        alerting_actions.take_in_signal(
            integration_id=box.sender.integration_id,
            format_name=alerts.FORMAT,
            body=alerts.kept(
                arrived.raw,
                tag=box.tag,
                secret=box.key,
                hint=box.sender.key_hint,
                envelope_sender=arrived.envelope_sender,
                flood=flood,
            ),
            received_at=arrived.at,
            problem=problem,
        )


def _is_source(box: Box) -> bool:
    return isinstance(box, ReportBox) and box.item_id is None


def _why_none(mail: Mail, arrived: Arrived) -> str:
    reason = why_no_alert(
        mail,
        envelope_sender=arrived.envelope_sender,
        our_sender=settings.EVENFALL.mail_from,
    )
    return f"A mail became no alert: {reason}." if reason else ""


def _flood_words() -> str:
    return f"{_too_many()}: the further ones are counted in one alert."


def _too_many() -> str:
    return f"More than {settings.EVENFALL.mail_in_per_minute} mails came in a minute"
