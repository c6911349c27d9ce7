"""What doctor tells."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. ``mend`` is empty where it is well; a warning does not fail the run."""

    what: str
    found: str
    mend: str = ""
    warning: bool = False
