"""From an alert to the person who is on call, as the provider sees it.

Idle latency beside Alertmanager's, a storm, and a thousand people at once. People are reached by
web hook; the provider runs in this process, so both ends read the same clock.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests.bench.ground import Ground, ground, scratch
from tests.bench.provider import provider
from tests.bench.report import Figure, percentile, show
from tests.bench.rivals import alertmanager
from tests.bench.senders import Labels, Sender

PROBES = 200
PAUSE_S = 0.05
SERVICES = 1000
STORM_ALERTS = 10_000
BATCH = 100
SLOW_ANSWER_S = 0.1
LONGEST_S = 60.0
RIVAL_CONFIG = """
route: {{receiver: hook, group_by: ['...'], group_wait: 0s}}
receivers:
  - name: hook
    webhook_configs: [{{url: "{url}/alertmanager", send_resolved: false}}]
"""


def main() -> list[Figure]:
    with ground() as ready:
        return [*_idle(ready), *_storm(ready), *_everybody(ready)]


def _idle(ready: Ground) -> list[Figure]:
    ours = _probe(ready, ready.teams(PROBES))
    theirs = _probe_rival()
    return [
        Figure(
            what="idle: POST to first provider call, p50",
            measured=percentile(ours, 0.5),
            unit="ms",
            bar=30,
            rival=percentile(theirs, 0.5),
        ),
        Figure(
            what="idle: POST to first provider call, p99",
            measured=percentile(ours, 0.99),
            unit="ms",
            bar=150,
            rival=percentile(theirs, 0.99),
        ),
    ]


def _probe(ready: Ground, slugs: Sequence[str]) -> list[float]:
    """Send one alert at a time; return the milliseconds to the first call of each."""
    with ready.sender() as sender:
        sent = {}
        for slug in slugs:
            sent[f"/{slug}"] = sender.send([{"service": slug}])
            time.sleep(PAUSE_S)
    assert ready.provider.wait_for(set(sent), LONGEST_S), "not everybody was called"
    return [(ready.provider.first[path] - began) * 1000 for path, began in sent.items()]


def _probe_rival() -> list[float]:
    """Do the same with Alertmanager: one group for each alert, no wait."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch())
        called = stack.enter_context(provider())
        rival = stack.enter_context(alertmanager(folder, RIVAL_CONFIG.format(url=called.url)))
        sender = stack.enter_context(Sender(rival.port, rival.path))
        taken = []
        for number in range(PROBES):
            called.first.clear()
            began = sender.send([{"instance": f"host{number}"}])
            assert called.wait_for({"/alertmanager"}, LONGEST_S), "Alertmanager told nobody"
            taken.append((called.first["/alertmanager"] - began) * 1000)
            time.sleep(PAUSE_S)
        return taken


def _storm(ready: Ground) -> list[Figure]:
    slugs = ready.teams(SERVICES)
    alerts = [
        {"service": slugs[number % SERVICES], "instance": f"storm{number}"}
        for number in range(STORM_ALERTS)
    ]
    before = _counts(ready)
    latencies, total_s = _burst(ready, alerts)
    _drain(ready, before[0] + STORM_ALERTS)
    opened, incidents, pages = (
        after - was for after, was in zip(_counts(ready), before, strict=True)
    )
    twice = sum(ready.provider.calls[f"/{slug}"] > 1 for slug in slugs)
    shape = f"{opened:,} alerts, {incidents:,} incidents, {pages:,} pages, {twice} called twice"
    wrong = abs(opened - STORM_ALERTS) + abs(incidents - SERVICES) + abs(pages - SERVICES) + twice
    return [
        Figure(
            what="storm of 10,000 alerts, 1,000 services: POST to call, p99",
            measured=percentile(latencies, 0.99) / 1000,
            unit="s",
            bar=3,
            note=f"p50 {percentile(latencies, 0.5) / 1000:.2f} s, all in {total_s:.2f} s",
        ),
        Figure(
            what="storm: alerts lost, pages missing or doubled",
            measured=wrong,
            unit="",
            bar=1,
            note=shape,
        ),
    ]


def _everybody(ready: Ground) -> list[Figure]:
    slugs = ready.teams(SERVICES)
    ready.provider.delay_s = SLOW_ANSWER_S
    latencies, total_s = _burst(ready, [{"service": slug} for slug in slugs])
    ready.provider.delay_s = 0.0
    return [
        Figure(
            what="1,000 people, provider answers in 100 ms: all called",
            measured=total_s,
            unit="s",
            bar=10,
            note=f"p50 {percentile(latencies, 0.5) / 1000:.2f} s",
        )
    ]


def _burst(ready: Ground, alerts: Sequence[Labels]) -> tuple[list[float], float]:
    """Send all alerts in batches as fast as they are answered.

    Returns the milliseconds from the first POST for a service to the first call of its person,
    and the seconds from the first POST to the last first call.
    """
    sent: dict[str, float] = {}
    with ready.sender() as sender:
        for start in range(0, len(alerts), BATCH):
            batch = alerts[start : start + BATCH]
            began = sender.send(batch)
            for labels in batch:
                sent.setdefault(f"/{labels['service']}", began)
    everybody = ready.provider.wait_for(set(sent), LONGEST_S)
    assert everybody, f"{len(sent.keys() - ready.provider.first.keys())} were not called"
    first = ready.provider.first
    taken = [(first[path] - began) * 1000 for path, began in sent.items()]
    return taken, max(first[path] for path in sent) - min(sent.values())


def _counts(ready: Ground) -> list[int]:
    tables = ("alerting_alert", "incidents_incident", "paging_page")
    return [ready.count(table) for table in tables]


def _drain(ready: Ground, alerts: int) -> None:
    """Wait until the pipeline has come to its end."""
    deadline = time.monotonic() + LONGEST_S
    while _counts(ready)[0] < alerts and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)


if __name__ == "__main__":
    show(main())
