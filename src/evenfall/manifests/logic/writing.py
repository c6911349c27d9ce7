"""Things as the text of a manifest, short and in a fixed order: two exports can be compared."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import msgspec
import yaml

from evenfall.manifests.logic.reading import VERSION, Thing
from evenfall.manifests.logic.specs import KINDS, Spec

_HEAD: Final = "# Written by Evenfall. Secrets and the keys of integrations are not in it.\n"


def text(specs: Mapping[Thing, Spec]) -> str:
    """One file with all of them. Reading it gives the same specs again."""
    document: dict[str, Any] = {"evenfall": VERSION}
    for kind in KINDS:
        section = {
            thing.key: short(spec)
            for thing, spec in sorted(specs.items(), key=lambda item: item[0].key)
            if thing.kind == kind
        }
        if section:
            document[kind] = next(iter(section.values())) if kind == "rules" else section
    dumped = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=96)
    return _HEAD + str(dumped)


def short(spec: Spec) -> dict[str, Any]:
    """The fields that are not as the defaults; lists and mappings of plain values."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(spec):
        value = getattr(spec, field.name)
        if field.required or value != _default(field):
            found[field.name] = _plain(value)
    return found


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _plain(value: object) -> object:
    if isinstance(value, Spec):
        return short(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value
