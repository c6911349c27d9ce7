"""Facts of importing."""

from typing import override

from evenfall.platform.events import Event


class ExportImported(Event, frozen=True, kw_only=True):
    """A run wrote what an export of another tool holds; the numbers say how much."""

    kind = "importing.export_imported"
    upload_id: int
    team_id: int
    vendor: str
    created: int
    updated: int
    same: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"upload:{self.upload_id}", f"team:{self.team_id}")
