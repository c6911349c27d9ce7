"""A planted day of 20,000 alerts through the pipeline, beside the rivals; see `tests.day`.

It is played in a process of its own, on the tests' embedded PostgreSQL.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.report import Figure, show

ROOT = Path(__file__).parents[2]
OURS, RIVAL = "Evenfall", "Alertmanager"


def main() -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.day", "--json"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(told["text"] + "\n")
    ours, rival = told["figures"][OURS], told["figures"][RIVAL]
    return [
        Figure(
            what="a day of 20,000 alerts: not as planted",
            measured=len(told["wrong"]),
            unit="",
            bar=1,
            note=f"played in {told['took_s']:.0f} s",
        ),
        Figure(
            what="a day: pages per real problem",
            measured=ours["per_problem"],
            unit="",
            rival=rival["per_problem"],
            note=f"{ours['pages']} pages, {rival['pages']} of Alertmanager's",
        ),
        *(
            Figure(
                what=f"a day: {name}",
                measured=100 * ours[name],
                unit="%",
                rival=100 * rival[name],
            )
            for name in ("precision", "recall")
        ),
        Figure(
            what="a day: pages at night",
            measured=ours["at_night"],
            unit="",
            rival=rival["at_night"],
        ),
    ]


if __name__ == "__main__":
    show(main())
