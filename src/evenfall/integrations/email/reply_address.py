"""The address that an answer to a page mail goes to.

``page+<notice>-<end>-<seal>@in.example.org``: the number of the notice and the hour after which it
is void, in hexadecimal, and a seal over both. A notice belongs to one person, so who can write to
the address may answer for that person, and for this notice only. It is short and has no capital
letters, because mail servers cut at 64 characters and change the case.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from evenfall.platform.mail_in import address_of
from evenfall.platform.seals import is_sealed, seal

LIFETIME: Final = timedelta(days=7)
_PURPOSE: Final = "mail answer"
_FORM: Final = re.compile(r"page\+([0-9a-f]{1,16})-([0-9a-f]{1,8})-([a-z2-7]{26})", re.IGNORECASE)
_HOUR: Final = 3600


def reply_address(notice_id: int, *, now: datetime) -> str:
    """Where the reader of this notice answers to, "" while no mail comes in."""
    end = int((now + LIFETIME).timestamp()) // _HOUR
    return address_of(f"page+{notice_id:x}-{end:x}-{_seal(notice_id, end)}")


def is_reply_word(word: str) -> bool:
    """Whether a word of an address claims to be an answer to a page."""
    return word.lower().startswith("page+")


def notice_of(word: str, *, now: datetime) -> int | None:
    """The notice that this word of an address answers; None for a false or an old one."""
    found = _FORM.fullmatch(word)
    if found is None:
        return None
    notice_id, end = int(found[1], 16), int(found[2], 16)
    if not is_sealed(_sealed_text(notice_id, end), found[3], purpose=_PURPOSE):
        return None
    return notice_id if now < datetime.fromtimestamp((end + 1) * _HOUR, UTC) else None


def _seal(notice_id: int, end: int) -> str:
    return seal(_sealed_text(notice_id, end), purpose=_PURPOSE)


def _sealed_text(notice_id: int, end: int) -> str:
    return f"{notice_id}.{end}"
