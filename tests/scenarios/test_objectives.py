"""Our error ratios beside Prometheus' own, over the same recorded day.

Six hours of two counters, a sample each 15 seconds, are written into a real Prometheus: the
counters are reset once, the series of errors is missing for an hour, and for twenty minutes nothing
is recorded at all. Evenfall reads them as it does each minute, and sums its minutes.

Both answers are about the same windows, but not the same number: `increase` reaches from the first
sample in a window to the last and stretches the difference to its edges, while ours are differences
between the ends of minutes, of which nothing is stretched. At one sample in 15 seconds that is up
to a sample at each edge of a window of five minutes, so ratios may differ by 3 %. Over the hole
Prometheus counts what the counter grew meanwhile at once; for us those minutes are unknown. Twenty
minutes of the six hours are a share of 6 %, which is what windows with the hole in them may differ.
"""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.factories.catalog import make_service
from tests.factories.objectives import make_indicator
from tests.factories.telemetry import make_source
from tests.scenarios.tools import need, prometheus_by

from evenfall.slo import actions
from evenfall.slo.logic.spec import IndicatorSpec, Measure
from evenfall.slo.logic.windows import Bounds
from evenfall.slo.models import Count, Indicator
from evenfall.slo.queries.sums import Asked, window_sums

pytestmark = pytest.mark.django_db(transaction=True)
END = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOURS = 6
STEP_S = 15
RESET_S = 3 * 3600
ERRORS_FROM_S = 3600
HOLE_S = range(4 * 3600, 4 * 3600 + 1200)
ALLOWED = 0.001
GOOD = 'http_requests_total{job="till",code="200"}'
BAD = 'http_requests_total{job="till",code="500"}'
TOTAL = 'http_requests_total{job="till"}'


def recorded() -> str:
    """The counters as OpenMetrics: 100 requests in each step, one in a hundred fails, later 20."""
    began = END - timedelta(hours=HOURS)
    good = bad = 5000
    ok, failed = [], []
    for second in range(0, HOURS * 3600 + 1, STEP_S):
        if second == RESET_S:
            good = bad = 0
        if second >= ERRORS_FROM_S:
            bad += 20 if second > HOURS * 3600 - 1200 else 1
        good += 100
        at = int(began.timestamp()) + second
        if second not in HOLE_S:
            ok.append(f"{GOOD} {good} {at}")
            if second >= ERRORS_FROM_S:
                failed.append(f"{BAD} {bad} {at}")
    return "\n".join(["# TYPE http_requests counter", *ok, *failed, "# EOF", ""])


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[str]:
    text, data = tmp_path / "recorded.txt", tmp_path / "prometheus"
    text.write_text(recorded())
    made = [need("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(text), str(data)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, timeout=60)
    words = "--storage.tsdb.retention.time=100y"
    with prometheus_by(tmp_path, "global: {}\n", words) as port:
        yield f"http://127.0.0.1:{port}"


def theirs(url: str, *, at: datetime, minutes: int) -> float:
    """The burn that Prometheus itself finds over a window."""
    errors, all_of = (f"sum(increase({text}[{minutes}m]))" for text in (BAD, TOTAL))
    asked = {"query": f"{errors} / {all_of}", "time": str(at.timestamp())}
    (found,) = httpx.get(f"{url}/api/v1/query", params=asked).json()["data"]["result"]
    return float(found["value"][1]) / ALLOWED


def ours(indicator: Indicator, *, at: datetime, minutes: int) -> float:
    one = Asked(indicator.series_id, Bounds(at - timedelta(minutes=minutes), at))
    ratio = window_sums([one])[one].error_ratio
    assert ratio is not None
    return ratio / ALLOWED


def test_our_burns_are_those_of_prometheus(prometheus: str) -> None:
    spec = IndicatorSpec(
        measure=Measure.BAD, source_id=make_source(prometheus), query=BAD, total=TOTAL
    )
    began = END - timedelta(hours=HOURS)
    indicator = make_indicator(spec, service=make_service(), now=began)
    actions.read_due(now=END + timedelta(seconds=5))
    known = set(Count.objects.values_list("at", flat=True))
    hole = began + timedelta(seconds=HOLE_S.start)
    # the last sample serves for the ends of four minutes more: Prometheus looks back that far
    unknown = {hole + timedelta(minutes=minute) for minute in range(4, 20)}
    assert not known & unknown
    assert len(known) == HOURS * 60 - len(unknown)
    early = began + timedelta(minutes=59)
    assert ours(indicator, at=early, minutes=30) == 0
    for minutes, at, within in (
        (5, END, 0.03),
        (30, END, 0.03),
        (60, END, 0.03),
        (30, began + timedelta(hours=3, minutes=10), 0.03),
        (120, began + timedelta(hours=3, minutes=30), 0.03),
        (120, END, 0.06),
        (355, END, 0.06),
    ):
        found = ours(indicator, at=at, minutes=minutes)
        assert found == pytest.approx(theirs(prometheus, at=at, minutes=minutes), rel=within), (
            minutes,
            at,
        )
