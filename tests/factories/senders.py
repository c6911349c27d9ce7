"""Requests of senders, as the front door takes them in."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenfall.alerting.models import Integration
from evenfall.config import intake_routes
from evenfall.platform.crypto import token_hash

KEY = "0123456789abcdef0123456789abcdef"


def make_keyed(kind: str, *, now: datetime, key: str = KEY, **values: Any) -> Integration:
    """Make an integration whose key is known here."""
    return Integration.objects.create(
        name=kind, kind=kind, key_hash=token_hash(key), key_hint="cdef", created_at=now, **values
    )


def through_door(
    url: str, body: object, *, method: str = "POST", headers: Mapping[str, str] | None = None
) -> tuple[str | None, str, bytes]:
    """Return the key that was found, the format's name, and what would be stored."""
    route = intake_routes.find(url.partition("?")[0])
    assert route is not None, url
    sent = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    route, kept = intake_routes.heard(route, method=method, url=url.encode(), headers=sent)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return route.key, route.format.name, kept + raw
