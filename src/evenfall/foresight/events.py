"""Facts of foresight. Subjects: the finding."""

from typing import override

from evenfall.platform.events import Event


class _AboutFinding(Event, frozen=True, kw_only=True):
    finding_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"finding:{self.finding_id}",)


class FindingDismissed(_AboutFinding, frozen=True, kw_only=True):
    """Somebody said that it may stay as it is until a day (ISO), and why."""

    kind = "foresight.finding_dismissed"
    until: str
    reason: str


class FindingRestored(_AboutFinding, frozen=True, kw_only=True):
    """A dismissed finding counts again."""

    kind = "foresight.finding_restored"


class FindingMended(_AboutFinding, frozen=True, kw_only=True):
    """One click mended it; `label` stood on the button. What changed has facts of its own."""

    kind = "foresight.finding_mended"
    label: str


class MendUndone(_AboutFinding, frozen=True, kw_only=True):
    """What the click did is taken back."""

    kind = "foresight.mend_undone"
    label: str
