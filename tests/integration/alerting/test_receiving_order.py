"""Two workers at once: signals are still handled in their order."""

import threading

import pytest
from django.db import connection, transaction
from tests.factories.alerting import NIGHT, make_integration, receive, send, update

from evenfall.alerting import actions
from evenfall.alerting.actions import receiving
from evenfall.alerting.drains.receive import STORM_BYTES, receive_waiting
from evenfall.alerting.models import Alert
from evenfall.alerting.models.signal_queue import take_signals


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_the_queue_alone_while_one_reads_it() -> None:
    integration = make_integration()
    send(integration, update())
    found: list[int] = []

    def other_worker() -> None:
        found.append(receive(NIGHT))
        connection.close()

    with transaction.atomic():
        assert actions.hold_pipeline()
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert found == [0]
    assert receive() == 1
    assert Alert.objects.count() == 1


@pytest.mark.django_db
def test_what_ends_and_comes_back_in_one_batch_is_one_batch() -> None:
    """It was taken for a poisoned one: two rows of a key were live until the first was written."""
    integration = make_integration()
    send(integration, update())
    receive()
    send(integration, update("resolve"))
    send(integration, update())
    send(integration, update(key="another"))
    receiving._receive(receiving._read(take_signals(), NIGHT), NIGHT)
    states = Alert.objects.filter(dedup_key=update().dedup_key).order_by("id")
    assert list(states.values_list("state", "count")) == [("resolved", 1), ("open", 1)]
    assert Alert.objects.count() == 3


@pytest.mark.django_db
def test_after_a_large_batch_more_is_taken_to_be_on_its_way() -> None:
    """Else a storm whose senders pause for a moment would be decided before those are called."""
    integration = make_integration()
    many = [update(key=f"disk/db-{number}", summary="x" * 500) for number in range(100)]
    send(integration, *many)
    first = receive_waiting(NIGHT)
    assert (first.done, first.is_over) == (1, False)
    assert receive_waiting(NIGHT).is_over
    send(integration, update(), body=b"[]" + b" " * (STORM_BYTES - 2))
    assert receive_waiting(NIGHT).is_over
