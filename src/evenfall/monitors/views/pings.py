"""What scripts and devices call. The key in the address is the proof, never a cookie."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import public
from evenfall.monitors import actions, errors
from evenfall.monitors.actions import PingWish
from evenfall.monitors.ports import PACE
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import token_hash
from evenfall.platform.errors import TooOften

_MOST_BYTES: Final = 100_000
_MOST_STATUS: Final = 255
_WORDS: Final = frozenset({"start", "fail", "log"})
_LONGEST_SIZE: Final = 18


@csrf_exempt
@public("the key in the address is the proof; scripts cannot sign in")
@require_http_methods(["GET", "HEAD", "POST"])
def ping(request: HttpRequest, key: str, what: str = "") -> HttpResponse:
    """GET, POST /ping/KEY, and /start, /fail, /log or an exit status behind it.

    200 once it is written down; 404 for a key that nobody has, 400 for another word, 413 and 429.
    """
    text = request.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        return _said(413, "too large")
    wish = _wish(what, text.decode("utf-8", "replace"), request.GET.get("size", ""))
    if wish is None:
        return _said(400, "use start, fail, log or an exit status from 0 to 255")
    try:
        _take(key, wish, utc_now())
    except errors.KeyNotFound:
        return _said(404, "nobody has this key")
    except TooOften as error:
        answer = _said(429, "too often")
        answer["Retry-After"] = str(error.params["retry_after_s"])
        return answer
    return _said(200, "OK")


def _take(key: str, wish: PingWish, now: datetime) -> None:
    PACE.spend(token_hash(key), now=now)
    actions.take_ping(key=key, wish=wish, now=now)


def _wish(what: str, text: str, size: str) -> PingWish | None:
    size_bytes = int(size) if _is_number(size, _LONGEST_SIZE) else None
    if not what:
        return PingWish(what="success", text=text, size_bytes=size_bytes)
    if what in _WORDS:
        return PingWish(what=what, text=text, size_bytes=size_bytes)
    if not _is_number(what, 3) or int(what) > _MOST_STATUS:
        return None
    word = "fail" if int(what) else "success"
    return PingWish(what=word, exit_code=int(what), text=text, size_bytes=size_bytes)


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= longest


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
