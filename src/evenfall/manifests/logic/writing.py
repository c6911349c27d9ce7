"""Things as the text of a manifest, short and in a fixed order: two exports can be compared."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

import msgspec
import yaml
from msgspec.structs import FieldInfo

from evenfall.manifests.logic.reading import VERSION, Thing
from evenfall.manifests.logic.specs import KINDS, Spec

# the one in C where PyYAML was built with it: an installation of hundreds of things in a tenth
_Dumper: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HEAD: Final = "# Written by Evenfall. Secrets and the keys of integrations are not in it.\n"


def text(specs: Mapping[Thing, Spec]) -> str:
    """One file with all of them. Reading it gives the same specs again."""
    sections: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for thing, spec in sorted(specs.items(), key=lambda item: item[0].key):
        sections[thing.kind][thing.key] = short(spec)
    document: dict[str, Any] = {"evenfall": VERSION}
    for kind, section in sections.items():
        if section:
            document[kind] = next(iter(section.values())) if kind == "rules" else section
    dumped = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96)
    return _HEAD + str(dumped)


def short(spec: Spec) -> dict[str, Any]:
    """The fields that are not as the defaults; lists and mappings of plain values."""
    found: dict[str, Any] = {}
    for name, is_required, default in _fields(type(spec)):
        value = getattr(spec, name)
        if is_required or value != default:
            found[name] = _plain(value)
    return found


@cache
def _fields(kind: type[Spec]) -> tuple[tuple[str, bool, object], ...]:
    """The name, whether it is required, and the default of each field."""
    found = msgspec.structs.fields(kind)
    return tuple((one.name, one.required, _default(one)) for one in found)


def _default(field: FieldInfo) -> object:
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
