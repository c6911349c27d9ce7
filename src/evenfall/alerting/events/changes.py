"""What facts of changed settings share."""

from collections.abc import Mapping
from typing import Any

from msgspec import field

from evenfall.platform.events import Event


class Change(Event, frozen=True, kw_only=True):
    """Configuration changed; `before` and `after` hold the fields that differ."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
