"""Lists and pages of a full installation: 50,000 open alerts, 200 services.

Times of lists and pages are those that the server says it took, with the whole tree at work; acts
are timed as a client on the same machine sees them. Each address is asked for in turn, so that no
cache stays warm for it.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import httpx
from tests.bench import domains
from tests.bench.ground import Ground, ground
from tests.bench.report import Figure, percentile, show
from tests.bench.senders import Labels

ALERTS = 50_000
SERVICES = 200
BATCH = 100
ROUNDS = 20
LONGEST_S = 180.0
# one in a hundred pages somebody; so many open alerts are mostly noise
SEVERITIES = ("critical", *("warning",) * 59, *("info",) * 40)
FILTERS = (
    "",
    "?severity=critical",
    "?severity=info",
    "?state=open",
    "?state=all",
    "?state=resolved",
    "?environment=PROD",
    "?environment=DEV",
    "?outcome=ticket",
    "?outcome=page",
    "?service={service}",
    "?team={team}",
    "?integration={integration}",
    "?q=host12345",
    "?q=nothing-says-this",
    "?severity=warning&service={service}&q=host",
)
AT_ONCE = {50: 20, 1000: 6}
"""What a page of the list shows and somebody ticks, and the most that one act takes of a filter.

By the number of rounds.
"""
PAGES = (
    "/",
    "/incidents/",
    "/incidents/{incident}/",
    "/alerts/",
    "/alerts/{alert}/",
    "/pages/",
    "/pages/{page}/",
    "/oncall/",
    "/rotas/",
    "/rotas/{rota}/",
    "/services/",
    "/services/{slug}/",
    "/policies/",
    "/silences/",
    "/maintenance/",
    "/rules/",
    "/integrations/",
    "/integrations/{integration}/",
    "/people/",
    "/teams/",
    "/inbox/",
    "/profile/",
    "/profile/rules/",
    "/audit/",
    "/search?q=host12345",
    "/insights/noise/",
    "/insights/noise/?days=365&by=services",
    "/insights/noise/pages/",
    "/insights/proposals/",
    "/insights/delivery/",
    "/objectives/",
    "/objectives/{objective}/",
    "/monitors/",
    "/monitors/{monitor}/",
    "/releases/",
    "/releases/{release}/",
    "/rollouts/",
    "/rollouts/{rollout}/",
    "/rollouts/places/",
    "/changes/",
    "/changes/{change}/",
    "/services/{slug}/changes/",
    "/findings/",
    "/configuration/",
    "/oncall/calendar/",
    "/oncall/ahead/",
    "/triage/",
    "/hearing/",
)


def main() -> list[Figure]:
    with ground() as ready:
        slugs = ready.teams(SERVICES)
        more = domains.run(ready.installation.environ)
        filled_s = _fill(ready, slugs)
        named = {**more, **_names(ready, slugs[0])}
        lists = _timed(ready, [f"/alerts/{query}".format(**named) for query in FILTERS])
        pages = _timed(ready, [address.format(**named) for address in PAGES])
        acts = {size: _timed_acts(ready, size, rounds) for size, rounds in AT_ONCE.items()}
    return [
        Figure(
            what="pipeline: alerts decided a second, in a queue of 50,000",
            measured=ALERTS / filled_s,
            unit="/s",
        ),
        _figure("list of 50,000 open alerts, any filter, p95", lists, bar=100),
        _figure("any main page, p95", pages, bar=50),
        *(_figure(f"{size:,} alerts at once, p95", p95, bar=100) for size, p95 in acts.items()),
    ]


def _fill(ready: Ground, slugs: list[str]) -> float:
    """Open all alerts through the front door; return the seconds until they are decided."""
    began = time.monotonic()
    with ready.sender(lasts=timedelta(days=1)) as sender:
        for start in range(0, ALERTS, BATCH):
            sender.send([_labels(number, slugs) for number in range(start, start + BATCH)])
    while ready.count("alerting_alert") < ALERTS:
        assert time.monotonic() - began < LONGEST_S, "the alerts were not decided in time"
        time.sleep(0.2)
    took = time.monotonic() - began
    _settle(ready)
    return took


def _labels(number: int, slugs: list[str]) -> Labels:
    return {
        "service": slugs[number % len(slugs)],
        "instance": f"host{number}",
        "severity": SEVERITIES[number % len(SEVERITIES)],
    }


def _settle(ready: Ground) -> None:
    """Let reactions and notices come to rest, and the database learn what is in its tables."""
    while ready.count("platform_pending_reaction"):
        time.sleep(0.2)
    ready.installation.rows("SELECT pg_stat_force_next_flush()")
    with ready.installation.database() as database:
        database.execute("VACUUM ANALYZE")
    time.sleep(2)


def _names(ready: Ground, slug: str) -> dict[str, object]:
    """What the addresses need, of the first service."""
    rows = ready.installation.rows
    service, team = rows("SELECT id, team_id FROM catalog_service WHERE slug = %s", slug)[0]
    tables = {
        "alert": "alerting_alert",
        "incident": "incidents_incident",
        "page": "paging_page",
        "rota": "oncall_rota",
        "integration": "alerting_integration",
    }
    found = {name: rows(f"SELECT min(id) FROM {table}")[0][0] for name, table in tables.items()}
    return {**found, "service": service, "team": team, "slug": slug}


def _timed(ready: Ground, addresses: Iterable[str]) -> dict[str, float]:
    """Return the p95 of each address, in milliseconds."""
    browser = ready.admin.browser
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(ROUNDS + 1):
        for address, times in taken.items():
            times.append(_open(browser, address))
    # the first round fills caches of templates and plans
    return {address: percentile(times[1:], 0.95) for address, times in taken.items()}


def _timed_acts(ready: Ground, at_once: int, rounds: int) -> dict[str, float]:
    """The p95 of acting on so many alerts at once and of taking it back, each time on others."""
    rows = ready.installation.rows(
        "SELECT id FROM alerting_alert WHERE state = 'open' ORDER BY id DESC LIMIT %s",
        at_once * rounds,
    )
    ids, api = [row[0] for row in rows], ready.admin.api()
    taken: dict[str, list[float]] = defaultdict(list)
    for act in ("acknowledge", "resolve"):
        for first in range(0, len(ids), at_once):
            some = ids[first : first + at_once]
            began = time.perf_counter()
            done = api.post("/alerts/many", alert_ids=some, act=act)
            acted = time.perf_counter()
            undone = api.post(f"/alerts/many/{done['act_id']}/undo")
            taken[act].append((acted - began) * 1000)
            taken[f"undo {act}"].append((time.perf_counter() - acted) * 1000)
            assert (done["done"], undone["done"]) == (at_once, at_once), (done, undone)
    return {what: percentile(times[1:], 0.95) for what, times in taken.items()}


def _open(browser: httpx.Client, address: str) -> float:
    """The milliseconds that the server took, from the request to the beginning of its answer."""
    answer = browser.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return float(answer.headers["Server-Timing"].partition("dur=")[2])


def _figure(what: str, p95: dict[str, float], *, bar: float) -> Figure:
    worst = sorted(p95, key=lambda address: -p95[address])
    return Figure(
        what=f"{what}: the worst of {len(p95)}",
        measured=p95[worst[0]],
        unit="ms",
        bar=bar,
        note=", ".join(f"{address} {p95[address]:.0f}" for address in worst[:4]),
    )


if __name__ == "__main__":
    show(main())
