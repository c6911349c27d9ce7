"""What an HTTP answer must be: its status, words in it, a value of its JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from evenfall.monitors.ports import Field, FieldType, Flaw

_RANGE: Final = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_PIECE: Final = re.compile(r"[^.\[\]]+|\[[0-9]{1,6}\]")
_LONGEST_SHOWN: Final = 100
_WORDS: Final = {
    "is": "is",
    "is_not": "is not",
    "at_least": "is at least",
    "at_most": "is at most",
    "contains": "contains",
}

FIELDS: Final = (
    Field(
        name="status",
        label="Expected status",
        default="200-299",
        help="Such as 200, 204 or 200-299.",
    ),
    Field(name="text", label="Text in the answer", required=False),
    Field(name="no_text", is_rare=True, label="Text that must not be in it", required=False),
    Field(
        name="path",
        is_rare=True,
        label="Value in a JSON answer",
        required=False,
        help="Such as data.replicas[0].ready",
    ),
    Field(
        name="compare",
        is_rare=True,
        label="Compared",
        type=FieldType.CHOICE,
        choices=tuple(_WORDS.items()),
        default="is",
    ),
    Field(name="value", is_rare=True, label="With", required=False),
)


def check(settings: Mapping[str, str]) -> None:
    """Raise Flaw where no answer could ever be what is expected."""
    parts = [part for part in settings["status"].split(",") if part.strip()]
    if not parts or len(_ranges(settings["status"])) != len(parts):
        raise Flaw("status", "Write statuses such as 200, 204 or 200-299.")
    if settings["path"] and settings["compare"] in {"at_least", "at_most"}:
        try:
            float(settings["value"])
        except ValueError:
            raise Flaw("value", "Write a number.") from None


def flaw(settings: Mapping[str, str], status: int, body: bytes) -> str:
    """What is not as expected, as a sentence; "" for a good answer."""
    if not any(low <= status <= high for low, high in _ranges(settings["status"])):
        return f"It answered {status}, not {settings['status']}."
    text = body.decode("utf-8", "replace")
    if settings["text"] and settings["text"] not in text:
        return f"It answered {status}, without the text that is expected."
    if settings["no_text"] and settings["no_text"] in text:
        return f"It answered {status}, with the text that must not be there."
    return _value_flaw(settings, body) if settings["path"] else ""


def _value_flaw(settings: Mapping[str, str], body: bytes) -> str:
    path = settings["path"]
    try:
        value = _at(json.loads(body), path)
    except (ValueError, RecursionError):
        return "It answered, but not in JSON."
    except LookupError:
        return f"Its answer has no {path}."
    if _holds(settings["compare"], value, settings["value"]):
        return ""
    wanted = f"{_WORDS[settings['compare']]} {settings['value']}"
    return f"{path} is {_shown(value)}; expected that it {wanted}."


def _at(document: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    found = document
    for piece in _PIECE.findall(path):
        if piece.startswith("[") and isinstance(found, list):
            found = found[int(piece[1:-1])]
        elif isinstance(found, dict):
            found = found[piece]
        else:
            raise LookupError(piece)
    return found


def _holds(compare: str, value: Any, wanted: str) -> bool:  # noqa: ANN401 - any JSON value
    if compare in {"is", "is_not"}:
        return (_shown(value) == wanted) is (compare == "is")
    if compare == "contains":
        if isinstance(value, list):
            return wanted in [_shown(one) for one in value]
        return wanted in _shown(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value >= float(wanted) if compare == "at_least" else value <= float(wanted)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    text = value if isinstance(value, str) else json.dumps(value)
    return text[:_LONGEST_SHOWN]


def _ranges(wanted: str) -> list[tuple[int, int]]:
    found = [_RANGE.fullmatch(part.strip()) for part in wanted.split(",") if part.strip()]
    return [(int(one[1]), int(one[2] or one[1])) for one in found if one is not None]
