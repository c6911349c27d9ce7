"""Facts of foresight. Subjects: the finding."""

from dataclasses import dataclass
from typing import override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutFinding(Event):
    finding_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"finding:{self.finding_id}",)


@dataclass(frozen=True, kw_only=True)
class FindingDismissed(_AboutFinding):
    """Somebody said that it may stay as it is until a day (ISO), and why."""

    kind = "foresight.finding_dismissed"
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FindingRestored(_AboutFinding):
    """A dismissed finding counts again."""

    kind = "foresight.finding_restored"


@dataclass(frozen=True, kw_only=True)
class FindingMended(_AboutFinding):
    """One click mended it; `label` stood on the button. What changed has facts of its own."""

    kind = "foresight.finding_mended"
    label: str


@dataclass(frozen=True, kw_only=True)
class MendUndone(_AboutFinding):
    """What the click did is taken back."""

    kind = "foresight.mend_undone"
    label: str
