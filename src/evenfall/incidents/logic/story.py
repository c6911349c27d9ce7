"""The story of an incident: facts become lines, echoes are dropped, runs are folded."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.incidents.logic.sentences import Fact, Names, Sentence, Tone, sentence

ECHO_WITHIN: Final = timedelta(seconds=60)
FOLD_WITHIN: Final = timedelta(minutes=5)

# Left: the fact that says less. It is dropped when the right one stands near it.
ECHOES: Final = {
    "incidents.incident_acknowledged": "paging.page_acknowledged",
    "incidents.incident_mobilised": "paging.page_mobilised",
    "paging.page_resolved": "incidents.incident_resolved",
    "notifications.notice_accepted": "notifications.notice_delivered",
}
UNTOLD: Final = frozenset(
    {
        # what the pages say has changed, because alerts joined: that is told already
        "paging.page_content_changed",
        # the order of tasks is seen where they stand
        "incidents.task_moved",
        # shown at the entry that they are about
        "incidents.note_corrected",
        "incidents.note_struck",
        "incidents.note_images_attached",
        "incidents.entry_pinned",
        "incidents.entry_annotated",
    }
)
FOLDED: Final = {
    "paging.page_nobody_found": "{count} steps of the policy led to nobody",
    "incidents.alerts_joined": "{count} times alerts joined",
    "incidents.alerts_recovered": "{count} times alerts ended",
    "notifications.notice_accepted": "{count} messages went out",
    "notifications.notice_delivered": "{count} messages arrived",
    "notifications.notice_cancelled": "{count} messages were not needed any more",
}


class Line(Struct, frozen=True, kw_only=True):
    """One line of the story; `id` is its fact's, `folded` holds the lines that it stands for."""

    id: int
    at: datetime
    kind: str
    text: str
    tone: Tone
    why: str
    actor: str
    subjects: tuple[str, ...]
    folded: tuple["Line", ...] = ()


def tell(
    facts: Iterable[Fact], names: Names, *, marked: Collection[int] = frozenset()
) -> Sequence[Line]:
    """Return the lines in the order of time. A fact that comes twice is told once.

    Those in `marked` are told even where another fact says more: people said something about them.
    """
    unique = sorted({fact.id: fact for fact in facts}.values(), key=_order)
    louder: dict[str, list[Fact]] = {}
    for fact in unique:
        louder.setdefault(fact.kind, []).append(fact)
    kept = [
        fact
        for fact in unique
        if fact.kind not in UNTOLD and (fact.id in marked or not _is_echo(fact, louder))
    ]
    return _fold([_line(fact, sentence(fact, names)) for fact in kept])


def _order(fact: Fact) -> tuple[datetime, bool, int]:
    """In one instant the incident speaks first: it is why pages and notices did something."""
    return fact.at, not fact.kind.startswith("incidents."), fact.id


def _is_echo(fact: Fact, louder: Mapping[str, Sequence[Fact]]) -> bool:
    near = louder.get(ECHOES.get(fact.kind, ""), ())
    return any(_same(fact, other) for other in near)


def _same(one: Fact, other: Fact) -> bool:
    near = abs(one.at - other.at) <= ECHO_WITHIN
    fields = ("user_id", "notice_id") if "notice_id" in one.data else ("user_id",)
    return near and all(one.data.get(name) == other.data.get(name) for name in fields)


def _line(fact: Fact, said: Sentence) -> Line:
    return Line(
        id=fact.id,
        at=fact.at,
        kind=fact.kind,
        text=said.text,
        tone=said.tone,
        why=said.why,
        actor=fact.actor,
        subjects=fact.subjects,
    )


def _fold(lines: Sequence[Line]) -> Sequence[Line]:
    told: list[list[Line]] = []
    for line in lines:
        run = told[-1] if told else []
        if run and line.kind in FOLDED and run[0].kind == line.kind and _close(run[0], line):
            run.append(line)
        else:
            told.append([line])
    return [_one(run) for run in told]


def _close(first: Line, line: Line) -> bool:
    return line.at - first.at <= FOLD_WITHIN


def _one(run: Sequence[Line]) -> Line:
    first = run[0]
    if len(run) == 1:
        return first
    text = FOLDED[first.kind].format(count=len(run))
    return replace(first, text=text, why="", folded=tuple(run))
