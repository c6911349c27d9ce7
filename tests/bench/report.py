"""What a measurement says, and how all of them are shown."""

import json
import platform
import sys
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import psutil
from msgspec import Struct
from msgspec.structs import asdict


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the report. `rival` is Alertmanager's figure for the same work, if it has one.

    `at_least` says on which side of the bar the measured value has to be.
    """

    what: str
    measured: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    rival: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.measured >= self.bar if self.at_least else self.measured < self.bar

    @property
    def ratio(self) -> float | None:
        return self.measured / self.rival if self.rival else None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed."""
    return sorted(values)[max(ceil(len(values) * share) - 1, 0)]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    say(f"{'what':58}{'measured':>16}{'bar':>12}{'rival':>10}{'ratio':>8}  met")
    for figure in figures:
        sign = ">=" if figure.at_least else "<"
        bar = "" if figure.bar is None else f"{sign} {figure.bar:,.4g}"
        rival = "" if figure.rival is None else f"{figure.rival:,.4g}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        met = {None: "", True: "yes", False: "NO"}[figure.is_met]
        value = f"{figure.measured:,.4g} {figure.unit}"
        say(f"{figure.what:58}{value:>16}{bar:>12}{rival:>10}{ratio:>8}  {met}  {figure.note}")


def write(figures: Sequence[Figure], path: Path) -> None:
    """Keep the figures with what they were measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = [
        {**asdict(figure), "ratio": figure.ratio, "is_met": figure.is_met} for figure in figures
    ]
    machine = {
        "cores": psutil.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1_000_000,
        "python": platform.python_version(),
        "load_1m": psutil.getloadavg()[0],
    }
    path.write_text(json.dumps({"machine": machine, "figures": found}, indent=2) + "\n")
