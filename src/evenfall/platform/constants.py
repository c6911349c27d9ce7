"""Words of our own, written into a statement instead of sent beside it.

A statement that comes often is planned once for all values that it may be sent. An index of live
alerts serves only where the plan knows that live ones are asked for, and what never changes is
worked out once instead of for each row.
"""

import re
from typing import Any, Final, override

from django.db.models import Value

_PLAIN: Final = re.compile(r"[a-z][a-z_]*")


class Constant(Value):
    """A word of an enumeration: `Q(state__in=[Constant("open"), Constant("acknowledged")])`."""

    def __init__(self, word: str) -> None:
        """Raise ValueError for anything but small letters: nothing that somebody sent is one."""
        if not _PLAIN.fullmatch(word):
            raise ValueError(f"no constant: {word!r}")
        super().__init__(str(word))

    @override
    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        return f"'{self.value}'", ()
