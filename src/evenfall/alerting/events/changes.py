"""What facts of changed settings share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class Change(Event):
    """Configuration changed; `before` and `after` hold the fields that differ."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
