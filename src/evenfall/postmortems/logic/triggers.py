"""Why an incident is worth writing about although its severity asks for nothing."""

from datetime import timedelta
from typing import Final

LONG: Final = timedelta(hours=4)


def reasons(*, came_back: bool, alert_count: int, lasted: timedelta) -> list[str]:
    """What speaks for a post-mortem, in words; nothing for an ordinary incident.

    `lasted` is from its opening to its end.
    """
    found = ["it came back"] if came_back else []
    if not alert_count:
        found.append("a person noticed before any alert did")
    if lasted >= LONG:
        found.append(f"it lasted {lasted // timedelta(hours=1)} hours")
    return found
