"""Who would be paged now, minute by minute, by a policy that may not be saved yet."""

from datetime import datetime

from msgspec import Struct

from evenfall.paging.logic import sentences
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.logic.preview import preview
from evenfall.paging.queries.directory import snapshot


class PreviewPerson(Struct, frozen=True, kw_only=True):
    user_id: int
    name: str
    why: str


class PreviewLine(Struct, frozen=True, kw_only=True):
    """`minute` since the start; `words` what happens; `missing` why targets led to nobody."""

    minute: int
    round: int
    words: str
    people: tuple[PreviewPerson, ...]
    missing: tuple[str, ...]


def preview_policy(
    spec: PolicySpec, *, team_id: int | None, now: datetime, severity: str | None = None
) -> list[PreviewLine]:
    """The moves of an unanswered page of this team that starts `now`, by the live rotas."""
    seen = snapshot([spec], team_ids=[team_id] if team_id is not None else [], at=now)
    names = {user_id: person.name for user_id, person in seen.people.items()}
    lines = preview(spec, team_id=team_id, directory=seen.directory, now=now, severity=severity)
    return [
        PreviewLine(
            minute=int(line.after.total_seconds() // 60),
            round=line.move.round,
            words=sentences.move_sentence(line.move.reason, ()),
            people=tuple(
                PreviewPerson(
                    user_id=f.user_id, name=names[f.user_id], why=sentences.short_why(f.why)
                )
                for f in line.move.found
            ),
            missing=tuple(
                sentences.missing_sentence(
                    miss.reason, miss.target.kind, names.get(miss.user_id or 0, "")
                )
                for miss in line.move.missing
            ),
        )
        for line in lines
    ]
