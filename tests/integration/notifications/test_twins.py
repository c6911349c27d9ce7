"""A number that is proved for text messages may be called, and the other way round."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method

from evenfall.identity.models import User
from evenfall.integrations import phone, twilio  # noqa: F401 - they register what is tested
from evenfall.integrations.phone.addresses import CALLS, TEXTS, callable_number, textable_number
from evenfall.integrations.twilio.provider import Twilio
from evenfall.notifications import actions, errors, ports, queries
from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.models import Provider

pytestmark = pytest.mark.django_db
MOBILE, LANDLINE = "+491701234567", "+49301234567"


@pytest.fixture(autouse=True)
def _telephones() -> None:
    """The channels of telephones, and one account that carries both."""
    ports.register_provider_type(Twilio())
    ports.register_channel(
        ProviderChannel(
            kind="sms", label="Text message", address_field=TEXTS, read_address=textable_number
        )
    )
    ports.register_channel(
        ProviderChannel(
            kind="voice", label="Call", address_field=CALLS, read_address=callable_number
        )
    )
    Provider.objects.create(type="twilio", name="Twilio", position=1, created_at=NOW)


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


def offered(person: User) -> list[tuple[str, str]]:
    found = queries.twins_offered(queries.contact_methods(person.id), queries.addable_now())
    return [(twin.kind, twin.address) for twin in found]


def test_a_proved_mobile_may_be_called_without_a_second_proof(ada: User) -> None:
    texts = make_contact_method(ada, "sms", address=MOBILE)
    assert offered(ada) == [("voice", MOBILE)]
    made = actions.add_twin(contact_method_id=texts.id, user_id=ada.id, now=NOW)
    twin = queries.contact_method_of(contact_method_id=made, user_id=ada.id)
    assert (twin.kind, twin.address, twin.state) == ("voice", MOBILE, "verified")
    assert offered(ada) == []


def test_a_number_that_waits_for_its_proof_is_proved_by_its_twin(ada: User) -> None:
    make_contact_method(ada, "voice", address=MOBILE)
    waiting = make_contact_method(ada, "sms", address=MOBILE, is_verified=False)
    assert offered(ada) == [("sms", MOBILE)]
    made = actions.add_twin(
        contact_method_id=queries.contact_methods(ada.id)[1].id, user_id=ada.id, now=NOW
    )
    assert made == waiting.id


@pytest.mark.parametrize(
    ("kind", "address", "is_verified"),
    [("sms", MOBILE, False), ("voice", LANDLINE, True), ("email", "ada@example.org", True)],
)
def test_nothing_is_offered_without_proof_or_use(
    ada: User, kind: str, address: str, *, is_verified: bool
) -> None:
    method = make_contact_method(ada, kind, address=address, is_verified=is_verified)
    assert offered(ada) == []
    with pytest.raises(errors.TwinNotOffered):
        actions.add_twin(contact_method_id=method.id, user_id=ada.id, now=NOW)


def test_a_twin_that_was_refused_for_good_is_not_offered_again(ada: User) -> None:
    make_contact_method(ada, "voice", address=MOBILE)
    make_contact_method(ada, "sms", address=MOBILE, is_broken=True)
    assert offered(ada) == []


def test_nobody_makes_twins_for_somebody_else(ada: User) -> None:
    texts = make_contact_method(ada, "sms", address=MOBILE)
    with pytest.raises(errors.ContactMethodNotFound):
        actions.add_twin(contact_method_id=texts.id, user_id=make_user("Bo").id, now=NOW)


def test_one_tap_on_the_page_and_one_call_of_the_api(ada: User, client: Client) -> None:
    client.force_login(ada)
    texts = make_contact_method(ada, "sms", address=MOBILE)
    for page in ("contact_methods", "contact_method"):
        where = reverse(f"notifications:{page}", args=[texts.id] if page[-1] != "s" else [])
        assert "Be called at this number too" in client.get(where).content.decode()
    form = client.get(reverse("notifications:add_contact_method", args=["voice"]))
    assert "no second code is needed" in form.content.decode()
    answer = client.post(reverse("notifications:add_twin", args=[texts.id]), follow=True)
    assert "Call" in answer.content.decode()
    again = client.post(f"/api/v1/contact-methods/{texts.id}/twin")
    assert again.status_code == 409
