"""What is remembered of an import, and whether something has to be written again."""

import hashlib
from enum import StrEnum


class OriginKind(StrEnum):
    ROTA = "rota"
    OVERRIDE = "override"
    POLICY = "policy"


class Step(StrEnum):
    """What a run does with one thing."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    REFUSED = "refused"


def digest(*parts: object) -> str:
    """The same for the same values, in every process."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def step(own_id: int | None, known: str, wanted: str, *, may: bool) -> Step:
    """`own_id` is what came from the origin before and still exists; `may` is permission."""
    if not may:
        return Step.REFUSED
    if own_id is None:
        return Step.CREATE
    return Step.SAME if known == wanted else Step.UPDATE


def free_name(name: str, taken: set[str], label: str) -> str:
    """The name, or one that tells where it came from when the name is taken (lower-case)."""
    short = " ".join(name.split())[:90] or label
    wished = short
    number = 1
    while wished.lower() in taken:
        wished = f"{short} ({label})" if number == 1 else f"{short} ({label} {number})"
        number += 1
    return wished


def override_origin(rota: str, override: str) -> str:
    """What an override is remembered by: its own origin, below that of its rota."""
    return f"{rota}:{override}"[:200]
