"""The head of every document: its name, and what people and tools wrote on it."""

import re
from typing import Any, Final

from evenfall.slo.logic.openslo.places import Place
from evenfall.slo.logic.openslo.structs import Meta

RESERVED: Final = "openslo.com/"
_KEY: Final = re.compile(r"([-a-zA-Z0-9._]{1,253}/)?[a-zA-Z0-9]([-a-zA-Z0-9._]{0,61}[a-zA-Z0-9])?")


def read_meta(place: Place, *, name: str = "") -> Meta:
    """Read `metadata`; `name` stands in for one that is missing."""
    meta = place.inside("metadata", needed=True)
    if meta is None:
        return Meta(name=name)
    meta.expect("name", "displayName", "labels", "annotations")
    return Meta(
        name=meta.name("name"),
        display_name=meta.text("displayName", most=200),
        labels=_labels(meta),
        annotations=_annotations(meta),
    )


def _labels(meta: Place) -> dict[str, tuple[str, ...]]:
    found = meta.inside("labels")
    if found is None:
        return {}
    labels: dict[str, tuple[str, ...]] = {}
    for key, value in found.value.items():
        _check_key(found, key)
        values = value if isinstance(value, list) else [value]
        labels[key] = tuple(_word(found, key, one) for one in values)
    return labels


def _annotations(meta: Place) -> dict[str, str]:
    found = meta.inside("annotations")
    if found is None:
        return {}
    for key in found.value:
        _check_key(found, key)
        if key.startswith(RESERVED):
            found.warn(key, "OpenSLO keeps this prefix for itself.", "Use a prefix of your own.")
    return {key: _word(found, key, value) for key, value in found.value.items()}


def _check_key(place: Place, key: str) -> None:
    if not _KEY.fullmatch(key):
        place.warn(
            key[:60],
            "This is no key as OpenSLO wants it.",
            "Use letters, digits, dashes and dots, after a prefix and a slash if you like.",
        )


def _word(place: Place, key: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        place.error(key[:60], "This is not a text.", "Write a text.")
        return ""
    return str(value)
