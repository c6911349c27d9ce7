"""How well promises were kept."""

from datetime import timedelta

from evenfall.incidents.logic import kept
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.kept import Judged, Verdict

MINUTE = timedelta(minutes=1)


def judged(
    verdict: Verdict, late: int = 0, audience: Audience = Audience.PUBLIC, severity: str = "SEV1"
) -> Judged:
    return Judged(audience=audience, severity=severity, verdict=verdict, late=late * MINUTE)


def test_a_verdict_says_in_time_late_or_broken() -> None:
    assert kept.verdict(late=timedelta(), is_broken=False) is Verdict.KEPT
    assert kept.verdict(late=MINUTE, is_broken=False) is Verdict.LATE
    assert kept.verdict(late=MINUTE, is_broken=True) is Verdict.BROKEN


def test_the_score_counts_each_and_takes_the_median_of_what_was_late() -> None:
    some = [judged(Verdict.KEPT), judged(Verdict.LATE, 4), judged(Verdict.BROKEN, 40)]
    score = kept.total(some)
    assert (score.count, score.kept, score.late, score.broken) == (3, 1, 1, 1)
    assert (score.percent_kept, score.late_minutes) == (33.3, 22.0)


def test_without_promises_there_is_no_figure() -> None:
    score = kept.total([])
    assert (score.count, score.percent_kept, score.late_minutes) == (0, None, None)


def test_there_is_a_line_for_each_audience_and_severity() -> None:
    some = [
        judged(Verdict.KEPT, audience=Audience.STAFF),
        judged(Verdict.KEPT, severity="SEV2"),
        judged(Verdict.LATE, 2),
        judged(Verdict.KEPT),
    ]
    found = [(one.audience, one.severity, one.count) for one in kept.scores(some)]
    assert found == [
        (Audience.PUBLIC, "SEV1", 2),
        (Audience.PUBLIC, "SEV2", 1),
        (Audience.STAFF, "SEV1", 1),
    ]
