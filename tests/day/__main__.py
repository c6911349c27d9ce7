"""Plays a day on a database of its own and prints the report: `python -m tests.day [SEED]`.

`--docs` writes the figures into the documentation, `--json` prints them for another program.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from time import perf_counter, process_time

from tests.day.generator import SEED, SIGNALS, make_day
from tests.day.plan import Day
from tests.day.publishing import publish

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
ROOT = Path(__file__).parents[2]


def main(words: Namespace) -> int:
    import django  # noqa: PLC0415 - starts a database, which who only asks for help does not need

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from tests.day import playing, report  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0)
    day: Day = make_day(seed=words.seed, signals=words.signals, share=words.share)
    began, spent = perf_counter(), process_time()
    played = playing.play(day)
    took, used = perf_counter() - began, process_time() - spent
    text = f"{report.terminal(day, played.scores)}\n\n{report.verdict(day, played.wrong)}\n"
    if words.json:
        figures = {one.name: one.figures for one in played.scores}
        told = {"figures": figures, "wrong": played.wrong, "took_s": took, "text": text}
        sys.stdout.write(json.dumps(told) + "\n")
        return 0
    sys.stdout.write(f"{text}Played in {took:.0f} s, {used:.0f} s of it of this process.\n")
    if words.docs and not played.wrong:
        publish(day, played.scores, ROOT / "docs")
    return 1 if played.wrong else 0


def _words() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.day", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, default=SEED)
    parser.add_argument("--signals", type=int, default=SIGNALS)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_words()))
