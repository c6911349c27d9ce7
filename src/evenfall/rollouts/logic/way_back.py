"""Where the way back leads once a rollout is over, and what it takes. No I/O."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from msgspec import Struct


class Proof(Struct, frozen=True, kw_only=True):
    """A rollout that ended well: `version` took the place of `stable_version`.

    `is_return`: it was itself a way back, so what it replaced is nothing to go back to.
    """

    rollout_id: int
    version: str
    stable_version: str
    is_return: bool
    passage_id: int | None = None


class WayBack(Struct, frozen=True, kw_only=True):
    """The way to `version` on `side`; `proof` is the rollout that is taken back.

    `must_deploy`: it is not kept there any more. `warm_until` is when what is kept may be gone,
    None where it is gone. `deploy_s` is what the last deploys took in the middle, None where
    nobody knows.
    """

    version: str
    side: str
    proof: Proof
    must_deploy: bool
    warm_until: datetime | None
    deploy_s: float | None


def proof_of(running: str, proofs: Sequence[Proof]) -> Proof | None:
    """The rollout that brought what runs now; `proofs` are newest first.

    A version that came back by a way back is proven by the rollout that once brought it: from
    there the way leads further back, never forward to what was just left.
    """
    known = (one for one in proofs if one.version == running and not one.is_return)
    found = next(known, None)
    return found if found is not None and found.stable_version else None


def usual(seconds: Sequence[float]) -> float | None:
    """What something takes: the median, which one slow time does not move."""
    return median(seconds) if seconds else None
