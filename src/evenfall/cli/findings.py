"""What doctor tells."""

from msgspec import Struct


class Finding(Struct, frozen=True, kw_only=True):
    """One thing looked at. ``mend`` is empty where it is well; a warning does not fail the run."""

    what: str
    found: str
    mend: str = ""
    warning: bool = False
