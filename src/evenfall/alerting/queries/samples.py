"""The last bodies an integration received, and how a mapping reads them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from msgspec import Struct

from evenfall.alerting import ports
from evenfall.alerting.logic.samples import problems_in
from evenfall.alerting.models import Integration
from evenfall.alerting.ports import AlertUpdate, wire

PLAIN_JSON: Final = "json"
KEPT: Final = 20
LARGEST: Final = 65_536
# of a busy installation only so many signals are looked through for those of one integration
_LOOKED_THROUGH: Final = 20_000
_LATE: Final = timedelta(minutes=1)
_BACK: Final = timedelta(days=30)
_LAST = """
SELECT id, received_at, CASE WHEN octet_length(body) <= %(largest)s THEN body END
  FROM (SELECT * FROM alerting_signal
         WHERE received_at <= %(until)s AND received_at > %(since)s
         ORDER BY id DESC LIMIT %(through)s) AS recent
 WHERE integration_id = %(integration)s AND format = %(format)s
 ORDER BY id DESC LIMIT %(kept)s
"""


class Sample(Struct, frozen=True, kw_only=True):
    """One body; `id` is that of its signal, 0 for one that was pasted. `problem` says why it has
    no `events`: it is too large, or no JSON object.
    """

    id: int
    received_at: datetime
    text: str
    events: tuple[Mapping[str, Any], ...]
    problem: str = ""


class Read(Struct, frozen=True, kw_only=True):
    """A sample as a mapping reads it: the alerts it makes, and what was not found."""

    sample: Sample
    updates: tuple[AlertUpdate, ...]
    problems: tuple[str, ...]


def last_samples(integration_id: int, *, now: datetime) -> list[Sample]:
    """The last bodies, newest first; looks through a bounded number of signals."""
    last = Integration.objects.filter(id=integration_id).values_list("last_signal_at", flat=True)
    until = (last.first() or now) + _LATE
    asked: dict[str, int | str | datetime] = {
        "largest": LARGEST,
        "until": until,
        "since": until - _BACK,
        "through": _LOOKED_THROUGH,
        "integration": integration_id,
        "format": PLAIN_JSON,
        "kept": KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAST, asked)
        rows = cursor.fetchall()
    return [sample_of(None if b is None else bytes(b), number=n, at=at) for n, at, b in rows]


def sample_of(body: bytes | None, *, number: int = 0, at: datetime) -> Sample:
    """Read a body; whatever it is."""
    if body is None or len(body) > LARGEST:
        problem = f"It is larger than {LARGEST // 1024} KB, too large to show."
        return Sample(id=number, received_at=at, text="", events=(), problem=problem)
    text = body.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        sent = wire.load(body)
    except wire.Unreadable as error:
        return Sample(id=number, received_at=at, text=text, events=(), problem=f"{error}.")
    events = tuple(
        one for one in (sent if isinstance(sent, list) else [sent]) if isinstance(one, dict)
    )
    problem = "" if events else "The body must be a JSON object or a list of objects."
    return Sample(id=number, received_at=at, text=text, events=events, problem=problem)


def read_sample(sample: Sample, mapping: Mapping[str, str]) -> Read:
    """Read a sample as the pipeline would."""
    decoded = ports.format_named(PLAIN_JSON).decode(
        sample.text.encode(), received_at=sample.received_at, mapping=mapping
    )
    problems = [sample.problem] if sample.problem else list(decoded.errors)
    for event, update in zip(sample.events, decoded.updates, strict=False):
        problems += problems_in(event, mapping)
        if "severity" in mapping and update.severity is None:
            problems.append("The severity is not known, so it counts as an error")
    return Read(
        sample=sample,
        updates=decoded.updates,
        problems=tuple(dict.fromkeys(problems)),
    )


def read_samples(samples: Sequence[Sample], mapping: Mapping[str, str]) -> list[Read]:
    return [read_sample(sample, mapping) for sample in samples]
