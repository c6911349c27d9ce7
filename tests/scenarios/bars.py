"""Bars of seconds, in scenarios that measure how long something really took.

Beside other tests on two cores a good build may take several times as long, so there a bar only
finds what is wrong by far. `make soak` runs alone and takes it at its word.
"""

import os

SLACK = 1.0 if os.environ.get("EVENFALL_TEST_BARS") == "strict" else 5.0


def allowed(bar_s: float) -> float:
    """The seconds that this run allows where the bar says `bar_s`."""
    return bar_s * SLACK
