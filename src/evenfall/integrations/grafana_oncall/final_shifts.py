"""Whom OnCall says it would page: the final shifts of the schedules."""

from collections import defaultdict

from evenfall.importing.ports import Export, Held, Notes, Unreadable
from evenfall.integrations.grafana_oncall.shapes import FinalShift


def read(export: Export, notes: Notes) -> dict[str, tuple[Held, ...]]:
    found: dict[str, list[Held]] = defaultdict(list)
    for item in export.of("final_shifts"):
        shift = item.read(FinalShift)
        if not item.about:
            why = "It does not say which schedule this is of. Name the file "
            raise Unreadable(item.where, why + "final_shifts/SCHEDULE_ID.json.")
        name, email = shift.user_username or "", shift.user_email or ""
        key = notes.person(shift.user_pk, name=name, email=email)
        if shift.shift_start < shift.shift_end:
            found[item.about].append(Held(shift.shift_start, shift.shift_end, key))
    return {schedule: tuple(spans) for schedule, spans in found.items()}
