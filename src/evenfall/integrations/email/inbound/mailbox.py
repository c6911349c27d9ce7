"""Reads a mailbox over IMAP every half minute, for installations without an SMTP server.

How far it was read is kept in the same commit as what the mails said, so that no mail counts twice
and none is lost; marking and moving them comes after that. One process reads at a time. Numbers of
mails are only good for one UIDVALIDITY (RFC 3501, 2.3.1.1): when the server has a new one, the
unread mails are what is left to read.
"""

import imaplib
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.utils import getaddresses
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import Error, close_old_connections, transaction
from msgspec import Struct
from msgspec.structs import asdict, replace

from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import Box, box_of, is_ours
from evenfall.integrations.email.inbound.mail import Mail
from evenfall.integrations.email.inbound.receiving import Receiver
from evenfall.integrations.email.inbound.replying import ShortAnswer
from evenfall.integrations.email.inbound.short_answers import Answerer
from evenfall.platform.clock import utc_now
from evenfall.platform.database import dsn
from evenfall.platform.logs import get_logger
from evenfall.platform.mail_in import MAILBOX_BEAT
from evenfall.platform.models import Beat

BEAT: Final = MAILBOX_BEAT
EVERY_S: Final = 30.0
TIMEOUT_S: Final = 20.0
AT_ONCE: Final = 200
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtext('evenfall.mail'), hashtext('mailbox'))"
_RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_NO_MAILBOX: Final = (imaplib.IMAP4.error, OSError, ValueError)

log = get_logger(__name__)


class Place(Struct, frozen=True, kw_only=True):
    """How far the mailbox is read. `validity` is the server's word for this numbering.

    Mails up to `old_until` were there before us: of these only the unread ones are ours. Later
    ones are taken even when somebody else has read them first.
    """

    validity: str = ""
    last_uid: int = 0
    old_until: int = 0


class Mailbox:
    """A thread that reads the mailbox of the settings until it is stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._main, name="mailbox", daemon=True)
        self._receiver = Receiver()
        self._answerer = Answerer()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        self._thread.join(timeout_s)

    def _main(self) -> None:
        while not self._stop.is_set():
            try:
                self._read_alone()
            except (Error, psycopg.Error) as error:
                log.warning("the mailbox waits for the database", problem=str(error).strip())
            except Exception:
                log.exception("the mailbox could not be read")
            finally:
                close_old_connections()
            self._stop.wait(EVERY_S)

    def _read_alone(self) -> None:
        with psycopg.connect(dsn(), autocommit=True, connect_timeout=5) as guard:
            row = guard.execute(_LOCK).fetchone()
            if row is not None and row[0]:
                self.read(now=utc_now())

    def read(self, *, now: datetime) -> int:
        """Read what is new; return how many mails became something. Notes what went wrong."""
        try:
            with signed_in() as server:
                return self._read_new(server, now)
        except _NO_MAILBOX as error:
            problem = " ".join(str(error).split())[:300] or type(error).__name__
            log.warning("the mailbox cannot be read", problem=problem)
            _save(_place(), now, problem=problem)
            return 0

    def _read_new(self, server: imaplib.IMAP4, now: datetime) -> int:
        validity, place = _select(server), _place()
        if place.validity != validity:
            place = Place(validity=validity, old_until=max(_found(server, "ALL"), default=0))
        _save(place, now)
        taken = 0
        for uid in _new(server, place)[:AT_ONCE]:
            if self._stop.is_set():
                break
            taken += self._take(server, replace(place, last_uid=uid), now)
        return taken

    def _take(self, server: imaplib.IMAP4, place: Place, now: datetime) -> int:
        raw = _fetch(server, place.last_uid)
        boxes = [] if raw is None else _boxes(Mail(raw), now)
        answers: list[ShortAnswer] = []
        with transaction.atomic():
            if raw is not None and boxes:
                arrived = Arrived(raw=raw, envelope_sender=_return_path(Mail(raw)), at=now)
                answers = self._receiver.receive(arrived, boxes)
            _save(place, now)
        if boxes:
            _put_away(server, place.last_uid)
        self._answerer.send(answers, now=now)
        return int(bool(boxes))


@contextmanager
def signed_in() -> Iterator[imaplib.IMAP4]:
    """A session with the server of the settings. Raises what imaplib and the network raise."""
    env = settings.EVENFALL
    server: imaplib.IMAP4
    if env.imap_security == "tls":
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(
            env.imap_host, env.imap_port, ssl_context=context, timeout=TIMEOUT_S
        )
    else:
        server = imaplib.IMAP4(env.imap_host, env.imap_port, timeout=TIMEOUT_S)
    try:
        if env.imap_security == "starttls":
            server.starttls(ssl.create_default_context())
        server.login(env.imap_user, env.imap_password)
        yield server
    finally:
        with suppress(*_NO_MAILBOX):
            server.logout()


def _select(server: imaplib.IMAP4) -> str:
    """Open the folder; return its UIDVALIDITY."""
    _checked(server.select(_quoted(settings.EVENFALL.imap_folder)))
    _, told = server.response("UIDVALIDITY")
    return told[0].decode() if told and isinstance(told[0], bytes) else ""


def _new(server: imaplib.IMAP4, place: Place) -> list[int]:
    """The numbers of mails to take, oldest first."""
    unread = _found(server, "UNSEEN") if place.last_uid < place.old_until else []
    first = max(place.last_uid, place.old_until) + 1
    later = [uid for uid in _found(server, f"UID {first}:*") if uid >= first]  # it names the last
    return sorted({uid for uid in (*unread, *later) if uid > place.last_uid})


def _found(server: imaplib.IMAP4, wanted: str) -> list[int]:
    data = _checked(server.uid("SEARCH", wanted))
    return [int(word) for part in data if part for word in part.split()]


def _fetch(server: imaplib.IMAP4, uid: int) -> bytes | None:
    """The whole mail, left unread; None for one that is too large, or gone."""
    told = _checked(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))
    size = next((_SIZE.search(part) for part in told if isinstance(part, bytes)), None)
    if size is not None and int(size[1]) > settings.EVENFALL.mail_in_largest:
        log.warning("a mail in the mailbox is too large", uid=uid, bytes=int(size[1]))
        return None
    parts = _checked(server.uid("FETCH", str(uid), "(BODY.PEEK[])"))
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _boxes(mail: Mail, now: datetime) -> list[Box]:
    given = [mail.header(name) for name in _RECIPIENTS]
    addresses = dict.fromkeys(
        address for _, address in getaddresses([one for one in given if one]) if is_ours(address)
    )
    found = [box_of(address, now=now) for address in addresses]
    return [box for box in found if box is not None]


def _return_path(mail: Mail) -> str | None:
    given = mail.header("Return-Path")
    return given.strip("<> ") if given else None


def _put_away(server: imaplib.IMAP4, uid: int) -> None:
    """Mark a mail as read, and move it where the settings say so; after the commit only."""
    folder = settings.EVENFALL.imap_done_folder
    with suppress(*_NO_MAILBOX):
        _checked(server.uid("STORE", str(uid), "+FLAGS", r"(\Seen)"))
        if folder:
            _checked(server.uid("COPY", str(uid), _quoted(folder)))
            _checked(server.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)"))
            server.expunge()


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"the server said {kind}: {data}")
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _place() -> Place:
    row = Beat.objects.filter(name=BEAT).first()
    if row is None:
        return Place()
    return Place(
        validity=row.detail.get("validity", ""),
        last_uid=row.detail.get("last_uid", 0),
        old_until=row.detail.get("old_until", 0),
    )


def _save(place: Place, now: datetime, *, problem: str = "") -> None:
    detail = {**asdict(place), "problem": problem}
    Beat.objects.update_or_create(name=BEAT, defaults={"at": now, "detail": detail})
