"""Sentry's signature in the pipeline, and the secret that it needs."""

import hashlib
import hmac
import json
from datetime import datetime

import pytest
from django.db import connection
from tests.factories.alerting import NIGHT, receive, send
from tests.factories.senders import KEY, make_keyed, through_door

from evenfall.alerting import actions, queries
from evenfall.alerting.actions import IntegrationDraft
from evenfall.alerting.models import Alert, Integration
from evenfall.platform.journal import recent

pytestmark = pytest.mark.django_db
SECRET = "client secret of the integration"


def posted(integration: Integration, action: str, *, secret: str = SECRET) -> None:
    body = json.dumps(
        {"action": action, "data": {"issue": {"id": "7", "title": "It fails"}}}
    ).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Sentry-Hook-Resource": "issue", "Sentry-Hook-Signature": signature}
    _, name, stored = through_door(f"/in/{KEY}/sentry", body, headers=headers)
    send(integration, body=stored, format_name=name)
    receive()


def states() -> list[str]:
    return list(Alert.objects.values_list("state", flat=True))


def test_wrong_signature_is_refused_and_told() -> None:
    integration = make_keyed("sentry", now=NIGHT, secret=SECRET)
    posted(integration, "created")
    posted(integration, "resolved", secret="another")

    assert states() == ["open"]
    assert "signature is wrong" in queries.integration(integration.id).last_error
    posted(integration, "resolved")
    assert states() == ["resolved"]


def test_without_a_secret_nothing_is_checked() -> None:
    integration = make_keyed("sentry", now=NIGHT)
    posted(integration, "created", secret="another")

    assert states() == ["open"]


def test_secret_is_kept_encrypted_and_never_told(now: datetime) -> None:
    draft = IntegrationDraft(name="Sentry", kind="sentry", secret=SECRET)
    number, _ = actions.create_integration(draft=draft, now=now, actor="system")

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM alerting_integration WHERE id = %s", [number])
        stored = cursor.fetchone()[0]
    assert SECRET not in stored
    assert queries.integration(number).has_secret
    assert SECRET not in str(queries.integration(number))
    assert all(SECRET not in str(entry) for entry in recent())


@pytest.mark.parametrize(("given", "kept"), [(None, True), ("", False), ("new", True)])
def test_secret_stays_unless_another_is_given(
    given: str | None, kept: object, now: datetime
) -> None:
    draft = IntegrationDraft(name="Sentry", kind="sentry", secret=SECRET)
    number, _ = actions.create_integration(draft=draft, now=now, actor="system")
    changed = IntegrationDraft(name="Sentry", kind="sentry", secret=given)

    actions.change_integration(integration_id=number, draft=changed, now=now, actor="system")

    assert queries.integration(number).has_secret is kept
    expected = {None: SECRET, "": None, "new": "new"}[given]
    assert Integration.objects.get().secret == expected
