"""Fetch the updates of bots that Telegram cannot call, and tell Telegram where to call the others.

One process of the installation does this at a time; a lock of its session with the database sees
to that. Telegram keeps for a day what is not confirmed, and the next request confirms: a crash
repeats updates and loses none.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import connection

from evenfall.integrations.telegram.account import TYPE, WEBHOOK
from evenfall.integrations.telegram.bot import BotError, call
from evenfall.integrations.telegram.linking import webhook_secret
from evenfall.integrations.telegram.updates import ASKED_FOR, Update, answer_all, take_each
from evenfall.notifications import queries
from evenfall.notifications.ports import Account
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import Drain, DrainResult

log = get_logger(__name__)
# Shorter than a worker may take to stop. News ends the wait at once, so nobody waits for it.
LONG_POLL_S: Final = 4
LOOK_EVERY: Final = timedelta(seconds=3)
TELL_AGAIN: Final = timedelta(seconds=30)
_SLACK_S: Final = 4.0
_CONFLICT: Final = 409


class Listener:
    """What one process knows of the bots: how far it read, and where Telegram was told to call."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._offsets: dict[int, int] = {}
        self._told: dict[int, tuple[str, datetime]] = {}
        self._trouble: dict[int, str] = {}
        self._next_look: datetime | None = None
        self._runner: asyncio.Runner | None = None

    def run(self, now: datetime) -> DrainResult:
        """One pass: waits a few seconds for news of all polled bots together."""
        if self._next_look is not None and now < self._next_look <= now + LOOK_EVERY:
            return DrainResult(done=0)
        accounts = queries.accounts_of(TYPE)
        polled = [one for one in accounts if one.values["updates"] != WEBHOOK]
        self._next_look = None if polled else now + LOOK_EVERY
        if not accounts:
            return DrainResult(done=0)
        with _alone() as is_alone:
            if not is_alone:
                return DrainResult(done=0)
            self._tell([one for one in accounts if one not in polled], now)
            for account in polled:  # told anew should it be called again one day
                self._told.pop(account.id, None)
            found = self._fetch(polled)
            later = self._clock()  # what people did while we waited was not done before it
            went_well = [self._read(account, news, later) for account, news in found]
        return DrainResult(done=1 if polled and all(went_well) else 0)

    def _loop(self) -> asyncio.Runner:
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner

    def _fetch(self, accounts: Sequence[Account]) -> list[tuple[Account, list[object] | BotError]]:
        async def all_of_them() -> list[list[object] | BotError]:
            return await asyncio.gather(*(self._updates_of(one) for one in accounts))

        return list(zip(accounts, self._loop().run(all_of_them()), strict=True))

    async def _updates_of(self, account: Account) -> list[object] | BotError:
        params = {
            "offset": self._offsets.get(account.id, 0),
            "timeout": LONG_POLL_S,
            "allowed_updates": ASKED_FOR,
        }
        try:
            found = await call(account, "getUpdates", params, timeout_s=LONG_POLL_S + _SLACK_S)
            return found if isinstance(found, list) else []
        except BotError as error:
            if error.status == _CONFLICT and "webhook" in error.message:
                return await _forget_webhook(account, error)
            return error

    def _read(self, account: Account, found: list[object] | BotError, now: datetime) -> bool:
        if isinstance(found, BotError):
            self._complain(account, found.message)
            return False
        self._trouble.pop(account.id, None)
        updates = list(map(_update, found))
        calls = take_each(updates, now=now)
        self._loop().run(answer_all(account, calls))
        if updates:
            self._offsets[account.id] = max(one.update_id for one in updates) + 1
        return True

    def _complain(self, account: Account, error: str) -> None:
        """Once for each trouble: it is met again every second."""
        if self._trouble.get(account.id) != error:
            self._trouble[account.id] = error
            log.warning("Telegram gives no updates", account=account.name, error=error)

    def _tell(self, accounts: Sequence[Account], now: datetime) -> None:
        for account in accounts:
            secret = webhook_secret(account.id, account.values["bot_token"])
            known, again_at = self._told.get(account.id, ("", now))
            if known == secret or now < again_at:
                continue
            error = self._loop().run(_set_webhook(account, secret))
            self._told[account.id] = ("" if error else secret, now + TELL_AGAIN)
            if error:
                log.warning("Telegram takes no web hook", account=account.name, error=error)


def _update(raw: object) -> Update:
    """An update of a form that is unknown to us says nothing; its number is read past."""
    try:
        return msgspec.convert(raw, Update)
    except msgspec.ValidationError:
        return Update(update_id=int(raw["update_id"]) if isinstance(raw, dict) else 0)


async def _forget_webhook(account: Account, error: BotError) -> list[object] | BotError:
    """The account was changed from “webhook” to “poll”, or the bot served something else."""
    try:
        await call(account, "deleteWebhook", {})
    except BotError:
        return error
    return []


async def _set_webhook(account: Account, secret: str) -> str:
    params = {
        "url": queries.absolute(f"/callbacks/{TYPE}/{account.id}/updates/"),
        "secret_token": secret,
        "allowed_updates": ASKED_FOR,
    }
    try:
        await call(account, "setWebhook", params)
    except BotError as error:
        return error.message
    return ""


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process listens; until the end of the block none will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('evenfall.telegram'))")
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('evenfall.telegram'))")


DRAINS: Final = (Drain(name="telegram.updates", lane="chat", run=Listener().run),)
