"""What no database can store is refused at the edge, in words, before any domain sees it.

PostgreSQL takes no NUL in a text, no half of a surrogate pair, no whole number beyond 64 bits, no
time 16 hours or more from UTC.
Senders' bodies are another matter: `alerting.ports.wire` mends those, as no alert may be lost.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, override
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from evenfall.config import errors
from evenfall.platform.errors import Invalid

_LARGEST = 2**63 - 1
_DEEPEST = 64
_FAR_FROM_UTC = re.compile(r"\d{4}-\d\d-\d\d[T _]\d\d:?\d\d\S*[+-](1[6-9]|2\d):?\d\d")


class TextNotStorable(Invalid):
    """A text holds a NUL character or half a surrogate pair. Remove it."""

    code = "text_not_storable"


class NumberTooLarge(Invalid):
    """A number is larger than 64 bits can hold. Check it."""

    code = "number_too_large"


class OffsetTooLarge(Invalid):
    """The time {time} is 16 hours or more from UTC, which no zone is. Check its end."""

    code = "offset_too_large"


class TooDeep(Invalid):
    """The body is nested deeper than {deepest} levels. Make it flatter."""

    code = "too_deep"


class PlainParser(Parser):
    """Reads what the API gets and raises the errors above; ninja keeps them as a cause."""

    @override
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(request.body)
        check(body)
        return body

    @override
    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        found = super().parse_querydict(data, list_fields, request)
        check(found)
        return found


class PlainAddressMiddleware:
    """Refuses addresses with a NUL in them, which would reach a query sooner or later.

    Alertmanager's API is left alone: it answers in words of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.path_info + unquote(request.META.get("QUERY_STRING", ""))
        if "\0" in asked and "/api/v2/" not in request.path_info:
            return errors.page(request, TextNotStorable())
        return self._get_response(request)


def check(value: object) -> None:
    """Raise if some part of a JSON value cannot be stored."""
    for part in _parts(value, 0):
        if isinstance(part, str):
            if "\0" in part or not _is_whole(part):
                raise TextNotStorable
            if _FAR_FROM_UTC.fullmatch(part):
                raise OffsetTooLarge(time=part)
        elif isinstance(part, int) and not -_LARGEST <= part <= _LARGEST:
            raise NumberTooLarge


def _parts(value: object, depth: int) -> Iterator[object]:
    if depth > _DEEPEST:
        raise TooDeep(deepest=_DEEPEST)
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _parts(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part, depth + 1)
    else:
        yield value


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
