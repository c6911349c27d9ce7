"""Telegram's Bot API: bots, private chats and groups, updates by web hook or by long poll.

Served: getMe, sendMessage, editMessageText, answerCallbackQuery, setWebhook, deleteWebhook,
getWebhookInfo and getUpdates below ``/bot<token>/``. A private chat exists once its person has
written to the bot. A method in the answer to a web hook is carried out.

Faults: hang, status (in Telegram's own words, with ``parameters.retry_after``), refuse (`code` 403:
the bot was blocked; 400: no such chat), lose, crash; for updates duplicate_callback,
reversed_callbacks (one update waits for the next and comes after it), late_callback,
bad_signature.
"""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any, override

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import OF_CALLBACKS, OF_REQUESTS, Fault, FaultKind
from evenfall.fakes.telegram_bots import Bot, Refused, keyboard, params_of, person, plain, refusal
from evenfall.fakes.vendor import ConnectionCut, Vendor

LONGEST_POLL_S = 50.0
OK = 200
_REFUSALS = {
    400: "Bad Request: chat not found",
    403: "Forbidden: bot was blocked by the user",
}
_FOR_UPDATES = {
    FaultKind.DUPLICATE_CALLBACK,
    FaultKind.REVERSED_CALLBACKS,
    FaultKind.LATE_CALLBACK,
    FaultKind.BAD_SIGNATURE,
}


class Telegram(Vendor):
    name = "telegram"
    faults_known = frozenset(
        {
            FaultKind.HANG,
            FaultKind.STATUS,
            FaultKind.REFUSE,
            FaultKind.LOSE,
            FaultKind.CRASH,
            *_FOR_UPDATES,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._bots: dict[str, Bot] = {}
        self._chats: set[int] = set()
        self._blocked: set[int] = set()
        self._moved: dict[int, int] = {}
        self._message = 0

    @override
    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/say", self._say, methods=["POST"]),
            Route("/tap", self._tap, methods=["POST"]),
            Route("/block", self._block, methods=["POST"]),
            Route("/group", self._group, methods=["POST"]),
            Route("/migrate", self._migrate, methods=["POST"]),
        ]

    # what a bot calls

    async def _call(self, request: Request) -> Response:
        params = await params_of(request)
        bot = self._bot(request.path_params["token"])
        method = request.path_params["method"]
        try:
            return JSONResponse({"ok": True, "result": await self._do(bot, method, params)})
        except Refused as refused:
            body = {
                "ok": False,
                "error_code": refused.status,
                "description": refused.description,
            }
            if refused.parameters:
                body["parameters"] = refused.parameters
            return JSONResponse(body, status_code=refused.status)

    async def _do(self, bot: Bot, method: str, params: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        known = {
            "getMe": self._get_me,
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "answerCallbackQuery": self._answer_query,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "getUpdates": self._get_updates,
        }
        if method not in known:
            raise Refused(404, "Not Found")
        return await known[method](bot, params)

    async def _get_me(self, bot: Bot, _params: dict[str, Any]) -> dict[str, Any]:
        return {"id": bot.id, "is_bot": True, "first_name": "Pager", "username": "pager_bot"}

    async def _send(self, bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        text = plain(params)
        fault = await self._stricken(text)
        chat = self._chat(params)
        self._message += 1
        arrived = fault is None or fault.kind is not FaultKind.LOSE
        kept = {"text": text, "bot_id": bot.id, "message_id": self._message, "edits": []}
        body = {**params, **kept}
        self.keep(to=str(chat), text=text, body=body, arrived=arrived)
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return self._message_of(chat, self._message, text)

    async def _edit(self, _bot: Bot, params: dict[str, Any]) -> dict[str, Any]:
        text = plain(params)
        fault = await self._stricken(text)
        chat, number = self._chat(params), int(params["message_id"])
        found = self._find(chat, number)
        if found is None:
            raise Refused(400, "Bad Request: message to edit not found")
        after = (text, params.get("reply_markup"))
        if (found["text"], found.get("reply_markup")) == after:
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply"
                " markup are exactly the same as a current content and reply markup of the message",
            )
        found["edits"].append(text)
        found["text"], found["reply_markup"] = after
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return self._message_of(chat, number, text)

    async def _answer_query(self, _bot: Bot, params: dict[str, Any]) -> bool:
        self.keep(
            to=f"query {params['callback_query_id']}", text=params.get("text", ""), body=params
        )
        return True

    async def _set_webhook(self, bot: Bot, params: dict[str, Any]) -> bool:
        bot.webhook, bot.secret = params.get("url", ""), params.get("secret_token", "")
        waiting, bot.updates = bot.updates, []
        for update in waiting:
            self.later(self._post(bot, update, secret=bot.secret))
        return True

    async def _delete_webhook(self, bot: Bot, _params: dict[str, Any]) -> bool:
        bot.webhook = ""
        return True

    async def _webhook_info(self, bot: Bot, _params: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": bot.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(bot.updates),
        }

    async def _get_updates(self, bot: Bot, params: dict[str, Any]) -> list[dict[str, Any]]:
        if bot.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
                " to delete the webhook first",
            )
        first = int(params.get("offset", 0))
        bot.updates = [update for update in bot.updates if update["update_id"] >= first]
        if not bot.updates:
            await self._wait(bot, float(params.get("timeout", 0)))
        return bot.updates[: int(params.get("limit", 100))]

    async def _wait(self, bot: Bot, seconds: float) -> None:
        """Wait for news; a newer request ends an older one, as at Telegram."""
        bot.polls += 1
        mine = bot.polls
        bot.news.set()
        await asyncio.sleep(0)
        bot.news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, LONGEST_POLL_S)):
                await bot.news.wait()
        if bot.polls != mine:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot"
                " instance is running",
            )

    async def _stricken(self, text: str) -> Fault | None:
        fault = self.faults.next(OF_REQUESTS, text=text)
        if fault is None:
            return None
        if fault.kind is FaultKind.REFUSE:
            raise Refused(fault.code, _REFUSALS.get(fault.code, "Bad Request: refused"))
        if fault.kind is FaultKind.STATUS:
            raise refusal(fault)
        await self.strike(fault)
        return fault

    # what people do

    async def _say(self, request: Request) -> Response:
        """A person writes: {"user_id", "text", "bot": its token}, in a group {"chat_id"}."""
        said = await request.json()
        user, chat = int(said["user_id"]), int(said.get("chat_id", said["user_id"]))
        self._chats.add(chat)
        self._blocked.discard(chat)
        self._message += 1
        message = {
            **self._message_of(chat, self._message, said["text"]),
            "from": person(user),
        }
        self._tell(self._bot(said["bot"]), {"message": message})
        return JSONResponse({"message_id": self._message})

    async def _tap(self, request: Request) -> Response:
        """A person taps a button: {"user_id", "number" of the message, "label" of the button}."""
        tap = await request.json()
        sent = self.sent[int(tap["number"]) - 1]
        data = next(
            button["callback_data"]
            for row in keyboard(sent.body)
            for button in row
            if button["text"] == tap["label"]
        )
        self._message += 1
        query = {
            "id": f"q{self._message}",
            "from": person(int(tap["user_id"])),
            "chat_instance": "1",
            "data": data,
            "message": {
                **self._message_of(int(sent.to), sent.body["message_id"], sent.body["text"]),
                "reply_markup": sent.body["reply_markup"],
            },
        }
        bot = next(one for one in self._bots.values() if one.id == sent.body["bot_id"])
        self._tell(bot, {"callback_query": query})
        return JSONResponse({"query": query["id"]})

    async def _block(self, request: Request) -> Response:
        """A person blocks the bot, which then knows the chat and may not write there."""
        self._blocked.add(int((await request.json())["user_id"]))
        return JSONResponse({})

    async def _group(self, request: Request) -> Response:
        """The bot is added to a group: {"chat_id"}."""
        self._chats.add(int((await request.json())["chat_id"]))
        return JSONResponse({})

    async def _migrate(self, request: Request) -> Response:
        """A group becomes a supergroup: {"chat_id", "to"}."""
        change = await request.json()
        self._moved[int(change["chat_id"])] = int(change["to"])
        self._chats.add(int(change["to"]))
        return JSONResponse({})

    # updates

    def _tell(self, bot: Bot, content: dict[str, Any]) -> None:
        bot.last_update += 1
        update = {"update_id": bot.last_update, **content}
        fault = self.faults.next(OF_CALLBACKS, text="")
        kind = None if fault is None else fault.kind
        if kind is FaultKind.REVERSED_CALLBACKS:
            bot.held.append(update)
            return
        times = 2 if kind is FaultKind.DUPLICATE_CALLBACK else 1
        order = [*[update] * times, *bot.held]
        bot.held = []
        if not bot.webhook:
            bot.updates += order
            bot.news.set()
            return
        secret = "wrong" if kind is FaultKind.BAD_SIGNATURE else bot.secret
        wait = fault.seconds if fault is not None and kind is FaultKind.LATE_CALLBACK else 0.0
        self.later(self._post_all(bot, order, secret=secret, wait=wait))

    async def _post_all(
        self, bot: Bot, updates: Sequence[dict[str, Any]], *, secret: str, wait: float
    ) -> None:
        await asyncio.sleep(wait)
        for update in updates:
            await self._post(bot, update, secret=secret)

    async def _post(self, bot: Bot, update: dict[str, Any], *, secret: str) -> None:
        headers = {"Content-Type": "application/json"}
        if secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        content = json.dumps(update).encode()
        answer = await self.call_back(bot.webhook, content=content, headers=headers)
        if answer is not None and answer.status_code == OK and answer.content[:1] == b"{":
            params = answer.json()
            if method := params.pop("method", ""):
                await self._do(bot, method, params)

    # what is known

    def _bot(self, token: str) -> Bot:
        return self._bots.setdefault(token, Bot(token=token))

    def _chat(self, params: dict[str, Any]) -> int:
        chat = int(params["chat_id"])
        if chat in self._moved:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self._moved[chat],
            )
        if chat in self._blocked:
            raise Refused(403, _REFUSALS[403])
        if chat not in self._chats:
            raise Refused(400, _REFUSALS[400])
        return chat

    @staticmethod
    def _message_of(chat: int, number: int, text: str) -> dict[str, Any]:
        kind = "private" if chat > 0 else "supergroup"
        return {
            "message_id": number,
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": kind},
            "text": text,
        }

    def _find(self, chat: int, number: int) -> dict[str, Any] | None:
        return next(
            (
                sent.body
                for sent in self.sent
                if sent.to == str(chat) and sent.body.get("message_id") == number
            ),
            None,
        )
