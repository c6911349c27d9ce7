"""Somebody acts on many alerts while another changes them: real connections, the same rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from tests.factories.alerting import make_integration
from tests.factories.noise import make_alert
from tests.factories.paging import make_paged_team
from tests.factories.races import await_waiter

from evenfall.alerting import actions
from evenfall.alerting.models import Alert
from evenfall.platform.database import in_own_connections

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20.0


@pytest.fixture
def ids(now: datetime) -> list[int]:
    world, tool = make_paged_team(), make_integration()
    return [make_alert(world, tool, name, now).pk for name in ("Cpu", "Disk")]


def while_another(
    changes: Callable[[], object], act: Callable[..., list[int]], **given: Any
) -> list[int]:
    """What an act comes to that waits until another transaction, which came first, is over."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            changes()
            acting = pool.submit(in_own_connections, lambda: act(**given))
            assert await_waiter(acting), "it went through without waiting"
        return acting.result(PATIENCE_S)


def test_what_another_changed_meanwhile_is_moved_all_the_same(
    ids: list[int], now: datetime
) -> None:
    moved = while_another(
        lambda: Alert.objects.filter(id=ids[0]).update(count=F("count") + 1),
        actions.resolve_alerts,
        alert_ids=ids,
        now=now,
        actor="user:1",
    )
    assert moved == ids
    rows = Alert.objects.order_by("id").values_list("state", "count")
    assert list(rows) == [("resolved", 2), ("resolved", 1)]


def test_what_another_ended_meanwhile_is_left_alone(ids: list[int], now: datetime) -> None:
    moved = while_another(
        lambda: actions.resolve_alerts(alert_ids=ids[:1], now=now, actor="user:2"),
        actions.acknowledge_alerts,
        alert_ids=ids,
        now=now,
        actor="user:1",
    )
    assert moved == ids[1:]
    rows = Alert.objects.order_by("id").values_list("state", "resolved_by")
    assert list(rows) == [("resolved", "user:2"), ("acknowledged", "")]
