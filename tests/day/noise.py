"""What calls nobody: warnings, news, tests, blips that a rule knows, what is silenced."""

from collections.abc import Sequence
from typing import Final

from tests.day.company import TEAMS
from tests.day.plan import Sender, Why
from tests.day.planting import Planter, Sowing
from tests.day.routing import KNOWN_BLIPS, SILENCED
from tests.day.stories import OWN

WARNINGS: Final = ("DiskFillsUp", "MemoryHigh", "SlowQueries", "RetriesRise", "ReplicaLag")
NEWS: Final = ("Deployed", "ScaledUp", "CacheFlushed", "LeaderChanged")


def _anywhere(planter: Planter) -> str:
    """A service without planned work, whose noise has only one reason to be quiet."""
    planned = {slug for window in planter.windows for slug in window.services}
    return planter.rng.choice([slug for slug in planter.company.services if slug not in planned])


def known_blip(planter: Planter) -> None:
    service, at = _anywhere(planter), planter.moment(0.1, 23.5)
    name = planter.rng.choice(KNOWN_BLIPS)
    planter.hush(Why.TICKET, planter.fire(service, name, at, at + planter.span(15, 90)))


def silenced(planter: Planter) -> None:
    at = planter.moment(0.1, 23)
    service = planter.rng.choice(TEAMS["insight"])
    planter.hush(Why.SILENCE, planter.fire(service, SILENCED, at, at + planter.span(120, 30 * 60)))


def warning(planter: Planter) -> None:
    service, at = _anywhere(planter), planter.moment(0.1, 22)
    over = at + planter.span(5 * 60, 90 * 60)
    name = planter.rng.choice(WARNINGS)
    planter.hush(Why.TICKET, planter.fire(service, name, at, over, severity="warning"))


def flapping_warning(planter: Planter) -> None:
    service, at = _anywhere(planter), planter.moment(0.1, 21)
    like = ""
    for _ in range(planter.rng.randint(4, 9)):
        over = at + planter.span(60, 180)
        like = planter.fire(service, "LoadFlaps", at, over, severity="warning", like=like)
        planter.hush(Why.TICKET, like)
        at = over + planter.span(60, 180)


def news(planter: Planter) -> None:
    service, at = _anywhere(planter), planter.moment(0.05, 23.6)
    over = at + planter.span(15, 10 * 60)
    name = planter.rng.choice(NEWS)
    planter.hush(Why.RECORD, planter.fire(service, name, at, over, severity="info"))


def test_noise(planter: Planter) -> None:
    service, at = _anywhere(planter), planter.moment(0.1, 23)
    environment = planter.rng.choice(("UAT", "DEV", "DEV"))
    severity = planter.rng.choice(("error", "warning"))
    over = at + planter.span(60, 40 * 60)
    why = Why.RECORD if environment == "DEV" else Why.TICKET
    name = planter.rng.choice((*OWN, *WARNINGS))
    fired = planter.fire(service, name, at, over, severity=severity, environment=environment)
    planter.hush(why, fired)


def batch_warning(planter: Planter) -> None:
    """A job tells of a beginning and never of an end: a policy ends it."""
    service, at = planter.rng.choice(TEAMS["insight"]), planter.moment(0.1, 23)
    one = planter.fire(
        service, "BackupLate", at, None, severity="warning", sender=Sender.BATCH, last_told=at
    )
    planter.hush(Why.TICKET, one)


NOISE: Final[Sequence[Sowing]] = (
    Sowing(known_blip, 90),
    Sowing(silenced, 20),
    Sowing(flapping_warning, 20),
    Sowing(test_noise, 160),
    Sowing(batch_warning, 40),
    Sowing(warning, 340),
)
