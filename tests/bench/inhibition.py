"""Inhibition: 1,000 rules and 10,000 alerts, 9,000 of them symptoms of the other 1,000.

Both programs get the same rules and the same alerts in the same batches. The time is that from the
first request until the program itself lists all symptoms as held; there each is asked in its own
way: Alertmanager by its API, we by the table from which our lists are made. Beside it the same
alerts without a rule, which says what inhibition costs.
"""

import json
import time
from collections.abc import Callable, Sequence
from statistics import median
from urllib.request import urlopen

from tests.bench import seed
from tests.bench.ground import Ground, ground, scratch
from tests.bench.report import Figure, show
from tests.bench.rivals import NO_RECEIVER, Alertmanager, alertmanager
from tests.bench.senders import Labels, Sender

RULES = 1_000
EACH = 9
BATCH = 100
PAIRS = 3
LONGEST_S = 180.0


def main() -> list[Figure]:
    plain = [_ours(rules=0) for _ in range(1)]
    ours, rivals = [], []
    for _ in range(PAIRS):
        ours.append(_ours(rules=RULES))
        rivals.append(_theirs())
    alerts = RULES * (EACH + 1)
    return [
        Figure(
            what="inhibition: 1,000 rules, 10,000 alerts until all symptoms are held",
            measured=alerts / median(ours),
            unit="alerts/s",
            bar=1_000,
            at_least=True,
            rival=alerts / median(rivals),
            note=f"{median(ours):.1f} s, beside {median(rivals):.1f} s; median of {PAIRS} pairs",
        ),
        Figure(
            what="inhibition: the same alerts without a rule",
            measured=alerts / median(plain),
            unit="alerts/s",
            note=f"{median(plain):.1f} s",
        ),
    ]


def _ours(*, rules: int) -> float:
    with ground() as ready:
        seed.run(ready.installation.environ, "inhibitions", str(rules))
        time.sleep(3)
        return _timed(ready.sender(), lambda: _held(ready, rules=rules))


def _held(ready: Ground, *, rules: int) -> bool:
    if not rules:
        return ready.count("alerting_alert") >= RULES * (EACH + 1)
    held = "SELECT count(*) FROM alerting_alert WHERE held_by LIKE 'alert:%%'"
    return int(ready.installation.rows(held)[0][0]) >= RULES * EACH


def _theirs() -> float:
    with scratch() as folder, alertmanager(folder, _config()) as rival:
        return _timed(Sender(rival.port, rival.path), lambda: _inhibited(rival))


def _inhibited(rival: Alertmanager) -> bool:
    """Alertmanager says of each alert, when asked, whether something inhibits it."""
    address = f"http://127.0.0.1:{rival.port}{rival.path}?active=false&inhibited=true"
    with urlopen(address, timeout=LONGEST_S) as answer:
        return len(json.load(answer)) >= RULES * EACH


def _timed(sender: Sender, is_done: Callable[[], bool]) -> float:
    with sender:
        began = time.perf_counter()
        alerts = _alerts()
        for start in range(0, len(alerts), BATCH):
            sender.send(alerts[start : start + BATCH])
        while not is_done():
            assert time.perf_counter() - began < LONGEST_S, "not all symptoms were held in time"
            time.sleep(0.05)
        return time.perf_counter() - began


def _alerts() -> Sequence[Labels]:
    """The causes first, as they come when a rack goes down and what runs there follows."""
    causes = [{"alertname": f"Down{n}", "rack": f"r{n}", "severity": "info"} for n in range(RULES)]
    symptoms = [
        {"alertname": f"Slow{n}", "rack": f"r{n}", "instance": f"h{k}", "severity": "info"}
        for k in range(EACH)
        for n in range(RULES)
    ]
    return [*causes, *symptoms]


def _config() -> str:
    rules = [
        {
            "source_matchers": [f'alertname="Down{n}"'],
            "target_matchers": [f'alertname="Slow{n}"'],
            "equal": ["rack"],
        }
        for n in range(RULES)
    ]
    return f"{NO_RECEIVER}\ninhibit_rules: {json.dumps(rules)}\n"


if __name__ == "__main__":
    show(main())
