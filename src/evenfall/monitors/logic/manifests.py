"""Kubernetes manifests against live objects: what was declared must be so; the rest is defaults."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any, Final

from evenfall.monitors.logic.drift import MOST, Difference, Rules, structures
from evenfall.monitors.logic.reading import Unreadable

# what the API server and its controllers write
_SERVER_SET: Final = (
    *("status", "apiVersion", "metadata.managedFields", "metadata.uid", "metadata.selfLink"),
    *("metadata.resourceVersion", "metadata.generation", "metadata.creationTimestamp"),
    *("metadata.ownerReferences", "metadata.finalizers", "metadata.namespace"),
    "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
    "metadata.annotations.deployment.kubernetes.io/revision",
    "spec.template.metadata.creationTimestamp",
)
# maps in which one more entry is a change that somebody made
_WHOLE: Final = frozenset(
    {"data", "binaryData", "labels", "matchLabels", "nodeSelector", "limits", "requests"}
)
_SUFFIXES: Final = {
    "m": Decimal("0.001"),
    "": Decimal(1),
    "k": Decimal(1000),
    **{word: Decimal(1000) ** power for power, word in enumerate("MGTPE", 2)},
    **{f"{word}i": Decimal(1024) ** power for power, word in enumerate("KMGTPE", 1)},
}
_MOST_DIGITS: Final = 30


def differences(
    declared: Sequence[Any],
    live: Sequence[Any],
    ignored: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> list[Difference]:
    """What differs, by object, as "Deployment shop/till: spec.replicas". Raises `Unreadable`.

    Only declared objects are looked at. The values of Secrets are never told. A manifest without a
    namespace is meant in "default".
    """
    wanted, there = _by_identity(declared), _by_identity(live)
    found: list[Difference] = []
    for name, one in sorted(wanted.items()):
        if name not in there:
            found.append(Difference(path=name, what="removed", declared="declared", live=""))
            continue
        is_secret = name.startswith("Secret ")
        rules = Rules(
            ignored=(*_SERVER_SET, *ignored),
            hidden=("data", "binaryData") if is_secret else hidden,
            partial=True,
            whole=_WHOLE,
        )
        for difference in structures(_settled(one), _settled(there[name]), rules):
            path = f"{name}: {difference.path}"
            found.append(
                Difference(
                    path=path,
                    what=difference.what,
                    declared=difference.declared,
                    live=difference.live,
                )
            )
    return found[:MOST]


def _by_identity(documents: Sequence[Any]) -> dict[str, Any]:
    found = {_identity(one): one for one in _objects(documents)}
    if not found:
        raise Unreadable("It has no Kubernetes object: each has a kind and metadata.name.")
    return found


def _objects(documents: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """The objects, those inside of lists too."""
    for one in documents:
        if isinstance(one, list):
            yield from _objects(one)
        elif isinstance(one, dict) and isinstance(one.get("items"), list):
            yield from _objects(one["items"])
        elif isinstance(one, dict) and _name(one):
            yield one
        else:
            raise Unreadable("Something in it has no kind or no metadata.name.")


def _name(one: Mapping[str, Any]) -> str:
    about = one.get("metadata")
    name = about.get("name") if isinstance(about, dict) else None
    return str(name) if name and isinstance(one.get("kind"), str) else ""


def _identity(one: Mapping[str, Any]) -> str:
    space = one["metadata"].get("namespace") or "default"
    return f"{one['kind']} {space}/{_name(one)}"


def _settled(one: Mapping[str, Any]) -> dict[str, Any]:
    """The object as the server writes it: secrets encoded, quantities as numbers."""
    found = dict(one)
    plain = found.pop("stringData", None)
    if found["kind"] == "Secret" and isinstance(plain, dict):
        encoded = {
            name: base64.b64encode(str(text).encode()).decode() for name, text in plain.items()
        }
        known = found.get("data")
        found["data"] = {**(known if isinstance(known, dict) else {}), **encoded}
    settled = _quantified(found)
    assert isinstance(settled, dict)  # noqa: S101 - it was one
    return settled


def _quantified(value: Any) -> Any:  # noqa: ANN401 - any plain value
    if isinstance(value, list):
        return [_quantified(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: (
            {word: _quantity(text) for word, text in one.items()}
            if name in {"limits", "requests"} and isinstance(one, dict)
            else _quantified(one)
        )
        for name, one in value.items()
    }


def _quantity(text: Any) -> Any:  # noqa: ANN401 - any plain value
    """1000m of a processor is 1, and 1Gi is 1024Mi: written one way."""
    word = str(text)
    digits = word.rstrip("mkMGTPEiK")
    try:
        factor = _SUFFIXES[word[len(digits) :]]
        number = Decimal(digits) * factor if len(digits) <= _MOST_DIGITS else None
    except (KeyError, InvalidOperation, Overflow):
        return text
    if number is None or not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return text
    return format(number.normalize(), "f")
