"""What an SMTP server's "no" means for the next try.

4xx is temporary and 5xx permanent (RFC 5321, section 4.2.1). Only an answer about the mailbox
itself switches the address off; the enhanced status code (RFC 3463) tells, where there is one: a
spam filter says 550 too, and that is not the mailbox's fault.
"""

import re
import smtplib
from typing import Final

from evenfall.notifications.ports import ChannelError

_ENHANCED: Final = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})\b")
_DEAD_ENHANCED: Final = re.compile(r"^5\.(1\.\d+|2\.1)$")  # bad address, mailbox disabled
_DEAD_CODES: Final = frozenset({550, 551, 553, 556})
_PERMANENT_FROM: Final = 500
_LONGEST: Final = 300


def refusal(error: Exception) -> ChannelError:
    """The channel's error for an exception of smtplib or of the network."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return _of_reply(code, text, is_about_mailbox=True)
        case smtplib.SMTPAuthenticationError():
            return ChannelError(
                f"the mail server refused our sign-in ({_readable(error.smtp_error)}); "
                "check EVENFALL_MAIL_USER and EVENFALL_MAIL_PASSWORD",
                permanent=True,
            )
        case smtplib.SMTPResponseException():
            return _of_reply(error.smtp_code, error.smtp_error, is_about_mailbox=False)
        case smtplib.SMTPNotSupportedError():
            return ChannelError(f"the mail server cannot do this: {error}", permanent=True)
        case _:
            reason = str(error) or type(error).__name__
            return ChannelError(f"the mail server cannot be reached: {reason}", permanent=False)


def _of_reply(code: int, text: bytes | str, *, is_about_mailbox: bool) -> ChannelError:
    readable = _readable(text)
    return ChannelError(
        f"{code} {readable}"[:_LONGEST],
        permanent=code >= _PERMANENT_FROM,
        address_dead=is_about_mailbox and _is_dead(code, readable),
    )


def _is_dead(code: int, text: str) -> bool:
    enhanced = _ENHANCED.match(text)
    if enhanced is not None:
        return _DEAD_ENHANCED.match(enhanced[1]) is not None
    return code in _DEAD_CODES


def _readable(text: bytes | str) -> str:
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(decoded.split())
