"""Facts of manifests."""

from typing import override

from evenfall.platform.events import Event


class BundleApplied(Event, frozen=True, kw_only=True):
    """A bundle was applied; the numbers say how much it changed. What changed are facts of its own.

    `revision` is what the files were called by whoever applied them, such as a commit.
    """

    kind = "manifests.bundle_applied"
    bundle: str
    revision: str
    created: int
    updated: int
    deleted: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"bundle:{self.bundle}",)


class BundleReleased(Event, frozen=True, kw_only=True):
    """A bundle manages nothing any more; what it made stays and belongs to people."""

    kind = "manifests.bundle_released"
    bundle: str
    count: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"bundle:{self.bundle}",)
