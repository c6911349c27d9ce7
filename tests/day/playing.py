"""A day from the plan to the scores: ours, and the rivals' beside it."""

from collections.abc import Sequence

from msgspec import Struct
from tests.day import scoring
from tests.day.beside import beside
from tests.day.comparing import Found, differences
from tests.day.outcome import look
from tests.day.plan import Day
from tests.day.replay import Replay
from tests.day.scoring import Score, score
from tests.day.world import build


class Played(Struct, frozen=True, kw_only=True):
    """What came of it; `wrong` is empty when that is exactly what was planted."""

    found: Found
    wrong: Sequence[str]
    scores: Sequence[Score]


def play(day: Day) -> Played:
    """Play a day through the product on the database of this process, which it fills."""
    world = build(day)
    replay = Replay(day, world)
    replay.run()
    found = look(world, replay.firings)
    return Played(
        found=found,
        wrong=differences(day, found),
        scores=(score(day, "Evenfall", scoring.rings_of(day, found.incidents)), *beside(day)),
    )
