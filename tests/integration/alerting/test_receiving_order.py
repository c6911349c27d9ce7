"""Two workers at once: signals are still handled in their order."""

import threading

import pytest
from django.db import connection, transaction
from tests.factories.alerting import NIGHT, make_integration, receive, send, update

from evenfall.alerting import actions
from evenfall.alerting.models import Alert


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
