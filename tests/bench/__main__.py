"""All measurements, or those named: `python -m tests.bench [intake|paging|day …]`.

Prints one table and writes build/bench.json. It is a report, so it ends with success whatever the
figures are.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    configuration,
    day,
    inhibition,
    intake,
    lists,
    objectives,
    oncall_schedule,
    paging,
    readers,
    tree,
    whatif,
)
from tests.bench.report import Figure, say, show, write

BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "tree": tree.main,
    "paging": paging.main,
    "lists": lists.main,
    "oncall": oncall_schedule.main,
    "objectives": objectives.main,
    "readers": readers.main,
    "inhibition": inhibition.main,
    "day": day.main,
    "whatif": whatif.main,
    "configuration": configuration.main,
    "intake": intake.main,
}
KEPT = Path("build/bench.json")


def main(names: list[str]) -> None:
    if unknown := [name for name in names if name not in BENCHES]:
        say(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return
    figures: list[Figure] = []
    for name in names or BENCHES:
        say(f"… {name}")
        figures += BENCHES[name]()
    show(figures)
    write(figures, KEPT)
    say(f"kept in {KEPT}")


if __name__ == "__main__":
    main(sys.argv[1:])
