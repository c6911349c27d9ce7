"""Exports as drafts, and who is on call by a draft, for tests without a database."""

from datetime import UTC, datetime, timedelta

from tests.factories.importing import sample

from evenfall.importing.logic import export as exports
from evenfall.importing.logic.drafts import RotaDraft
from evenfall.importing.ports import Draft, Translator
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import PlanSpec, Role, RotaSpec

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


def drafted(translator: Translator, body: bytes | None = None) -> Draft:
    """The draft of an upload, else of the sample of this tool."""
    given = sample(translator.kind) if body is None else body
    return translator.translate(exports.read(given, translator.collections), now=NOW)


def spans(draft: Draft, rota: RotaDraft, *, days: float = 14) -> list[tuple[str, str, str]]:
    """(name, start, end) of the primaries from NOW on, in the minutes of UTC."""
    names = {person.key: person.name for person in draft.people}
    plan = PlanSpec(starts_at=NOW - timedelta(days=1), layers=rota.layers)
    overrides = tuple(override.spec for override in rota.overrides)
    spec = RotaSpec(zone=rota.zone, plans=(plan,), overrides=overrides)
    return [
        (names[span.user_id], f"{span.starts_at:%a %d %H:%M}", f"{span.ends_at:%a %d %H:%M}")
        for span in final_schedule(spec, NOW, NOW + timedelta(days=days))
        if span.role is Role.PRIMARY
    ]


def todo(draft: Draft) -> list[tuple[str, str]]:
    """(severity, where) of every finding."""
    return [(found.severity.value, found.where) for found in draft.findings]
