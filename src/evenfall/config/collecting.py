"""How the collector of garbage works in a process that lives long."""

import gc
from typing import Final

# A batch makes ten thousands of objects that live as long as it does, and a page as many.
# Collecting at every two thousandth, as Python would, took a fifth of the time of the largest batch
# and a twentieth of that of a page.
_AT: Final = (20_000, 20, 50)


def collect_seldom() -> None:
    """Call it once everything is loaded: what is there stays and is not looked at again."""
    gc.freeze()
    gc.set_threshold(*_AT)
