"""What can go wrong at a provider, and when it does."""

from collections import deque
from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct


class FaultKind(StrEnum):
    """The ways in which providers fail. A fake says in its docstring which of them it knows."""

    HANG = "hang"  # the request is taken and never answered
    STATUS = "status"  # an error answer, with its HTTP status
    REFUSE = "refuse"  # the vendor's own error code, such as a landline or a STOP
    LOSE = "lose"  # 200, and the message never arrives
    CRASH = "crash"  # the message arrives, the answer does not: the connection is cut
    DUPLICATE_CALLBACK = "duplicate_callback"
    REVERSED_CALLBACKS = "reversed_callbacks"  # the last report comes first
    LATE_CALLBACK = "late_callback"  # after `seconds`
    EARLY_CALLBACK = "early_callback"  # before the answer to the request itself
    BAD_SIGNATURE = "bad_signature"  # callbacks are signed with a wrong key


OF_CALLBACKS = frozenset(
    {
        FaultKind.DUPLICATE_CALLBACK,
        FaultKind.REVERSED_CALLBACKS,
        FaultKind.LATE_CALLBACK,
        FaultKind.EARLY_CALLBACK,
        FaultKind.BAD_SIGNATURE,
    }
)
OF_REQUESTS = frozenset(FaultKind) - OF_CALLBACKS


class Fault(Struct, frozen=True, kw_only=True):
    """One fault for the next `times` requests. `status`, `code`, `seconds` as the kind needs.

    With `containing` it waits for a message that has these words.
    """

    kind: FaultKind
    times: int = 1
    status: int = 500
    code: int = 0
    seconds: float = 0.0
    retry_after_s: int | None = None
    containing: str = ""


class Faults:
    """The faults that are still to come, first planned first."""

    def __init__(self) -> None:
        self._coming: deque[Fault] = deque()

    def plan(self, fault: Fault) -> None:
        self._coming.extend([fault] * fault.times)

    def next(
        self, kinds: Collection[FaultKind] = frozenset(FaultKind), *, text: str
    ) -> Fault | None:
        """The first fault of these kinds for such a text, if one is planned; it is spent then.

        Where a text is about nothing, such as a call, faults that wait for words go on waiting.
        """
        for fault in self._coming:
            if fault.kind in kinds and fault.containing in text:
                self._coming.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._coming.clear()

    def __len__(self) -> int:
        return len(self._coming)
