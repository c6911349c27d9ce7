"""Accounts at providers: set up, kept secret, asked in their order; and what they did and cost."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_token, make_user, signed_in
from tests.factories.notifications import NOW

from evenfall.notifications import actions, errors, ports, queries
from evenfall.notifications.models import Attempt, Notice, Provider
from evenfall.notifications.ports import (
    Accepted,
    Account,
    ChannelError,
    Message,
    Price,
    ProviderField,
)
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
PAGE = "/settings/providers/"
VALUES = {"user": "acme", "password": "do not show me", "api_url": "https://pigeon.example"}


class Pigeon:
    """A type of provider for tests."""

    type = "pigeon"
    label = "Pigeon"
    channels = ("pigeon",)
    guide = "pigeon.md"
    fields = (
        ProviderField(name="user", label="User"),
        ProviderField(name="password", label="Password", is_secret=True),
        ProviderField(name="note", label="Note", is_required=False),
        ProviderField(name="monthly_limit", label="Limit a month", is_required=False),
        ProviderField(name="api_url", label="Address", default="https://pigeon.example"),
    )

    def check(self, values: Mapping[str, str]) -> None:
        if values["user"] == "nobody":
            raise errors.ProviderNotUsable(reason="nobody is no user.", field="user")

    async def send(self, message: Message, account: Account) -> Accepted:
        return Accepted(provider_id=f"{account.id}/{message.notice_id}")


@pytest.fixture(autouse=True)
def _pigeon() -> Iterator[None]:
    from evenfall.notifications.ports import providers  # noqa: PLC0415 - to put it back

    ports.register_provider_type(Pigeon())
    yield
    providers._types.pop("pigeon")


def add(name: str = "Coop", **values: str) -> int:
    return actions.add_provider(
        type_name="pigeon", name=name, values={**VALUES, **values}, now=NOW, actor="user:1"
    )


def change(provider_id: int, name: str = "Coop", **values: str) -> None:
    actions.change_provider(
        provider_id=provider_id, name=name, values=values, now=NOW, actor="user:1"
    )


# the accounts themselves


def test_an_account_is_kept_with_its_secret_encrypted() -> None:
    found = queries.account(add())
    assert found.values["password"] == "do not show me"
    assert "do not show me" not in repr(found)
    row = Provider.objects.values("settings", "secrets").get()
    assert "password" not in row["settings"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets::text FROM notifications_provider")
        assert "do not show me" not in cursor.fetchone()[0]


def test_a_field_that_is_left_out_has_its_default() -> None:
    provider_id = actions.add_provider(
        type_name="pigeon",
        name="Coop",
        values={"user": "acme", "password": "x"},
        now=NOW,
        actor="user:1",
    )
    assert queries.account(provider_id).values["api_url"] == "https://pigeon.example"


def test_the_audit_never_has_a_secret() -> None:
    provider_id = add()
    change(provider_id, user="other", password="another secret")
    actions.remove_provider(provider_id=provider_id, now=NOW, actor="user:1")
    entries = journal.entries(subject=f"provider:{provider_id}")
    assert [entry.kind for entry in entries] == ["notifications.provider_changed"] * 3
    assert {entry.actor for entry in entries} == {"user:1"}
    assert entries[1].data["before"]["user"] == "acme"
    assert entries[1].data["after"]["user"] == "other"
    assert "secret" not in str([entry.data for entry in entries])
    assert "do not show me" not in str([entry.data for entry in entries])


def test_a_secret_that_is_left_empty_stays() -> None:
    provider_id = add()
    change(provider_id, user="other")
    found = queries.account(provider_id)
    assert (found.values["user"], found.values["password"]) == ("other", "do not show me")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"user": " "}, "user"),
        ({"password": ""}, "password"),
        ({"user": "nobody"}, "user"),
        ({"monthly_limit": "much"}, "monthly_limit"),
        ({"monthly_limit": "-1"}, "monthly_limit"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_its_field(
    values: dict[str, str], field: str
) -> None:
    with pytest.raises(errors.ProviderNotUsable) as caught:
        add(**values)
    assert caught.value.field == field
    assert not Provider.objects.exists()


def test_a_name_is_needed_and_taken_once() -> None:
    with pytest.raises(errors.ProviderNotUsable):
        add(name="  ")
    add()
    with pytest.raises(errors.ProviderNameTaken):
        add()


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(errors.ProviderTypeUnknown, match="pigeon"):
        actions.add_provider(type_name="owl", name="Owl", values={}, now=NOW, actor="user:1")


def test_what_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(errors.ProviderNotFound):
        change(17)
    with pytest.raises(errors.ProviderNotFound):
        actions.switch_provider(provider_id=17, is_on=True, now=NOW, actor="user:1")
    with pytest.raises(errors.ProviderNotFound):
        queries.account(17)


def test_accounts_are_asked_in_the_order_added_until_one_is_put_first() -> None:
    one, two, three = add("One"), add("Two"), add("Three")
    actions.ask_provider_first(provider_id=three, now=NOW, actor="user:1")
    assert [account.id for account in queries.accounts_for("pigeon")] == [three, one, two]


def test_an_account_that_is_off_is_not_asked() -> None:
    provider_id = add()
    actions.switch_provider(provider_id=provider_id, is_on=False, now=NOW, actor="user:1")
    assert queries.accounts_for("pigeon") == []
    assert queries.accounts_of("pigeon") == []
    assert "pigeon" not in queries.served_kinds()
    assert queries.account(provider_id).name == "Coop"


# what they did and what it cost


def tried(
    via: str = "Coop",
    *,
    days_ago: float = 0,
    accepted: bool = True,
    delivered: bool | None = None,
    cost: str | None = None,
    detail: str = "",
) -> None:
    at = NOW - timedelta(days=days_ago)
    notice = Notice.objects.create(
        user=make_user(),
        subject="page:5",
        purpose="page",
        kind="pigeon",
        urgency="high",
        content={"title": "x"},
        state="accepted",
        planned_at=at,
        first_due_at=at,
        due_at=at,
    )
    Attempt.objects.create(
        notice=notice,
        number=1,
        via=via,
        handed_over_at=at,
        answered_at=at,
        accepted=accepted,
        delivered=delivered,
        detail=detail,
        cost=None if cost is None else Decimal(cost),
        currency="" if cost is None else "EUR",
    )


def record(limit: str | None = None) -> queries.Record:
    limits = {"Coop": None if limit is None else Decimal(limit)}
    return queries.records(limits, now=NOW)["Coop"]


def test_messages_and_costs_are_counted_by_day_and_month() -> None:
    tried(cost="0.07")
    tried(cost="0.05")
    tried(accepted=False)
    tried(days_ago=1, cost="1")  # the first of March
    tried(days_ago=3, cost="100")  # of February
    tried("Other", cost="1000")
    found = record("2")
    assert (found.today.messages, found.today.costs) == (2, (("EUR", Decimal("0.12")),))
    assert (found.month.messages, found.month.costs) == (3, (("EUR", Decimal("1.12")),))
    assert (found.budget.spent, found.budget.percent) == (Decimal("1.12"), 56)
    assert queries.spent_this_month(["Coop"], now=NOW) == {"Coop": Decimal("1.12")}


def test_the_last_seven_days_are_rated() -> None:
    tried(delivered=True)
    tried(delivered=False, detail="the telephone is off")
    tried()
    tried(days_ago=6, accepted=False, detail="503")
    tried(days_ago=8, accepted=False, detail="long ago")
    week = record().week
    assert (week.asked, week.taken, week.reported, week.arrived) == (4, 3, 2, 1)
    assert (week.taken_percent, week.arrived_percent) == (75, 50)
    assert (record().last_error, record().last_error_at) == ("the telephone is off", NOW)


def test_an_account_without_a_message_has_a_quiet_record() -> None:
    found = record()
    assert (found.today.messages, found.week.taken_percent, found.last_error) == (0, 0, "")
    assert not found.budget.is_close


def test_what_an_account_did_stays_with_it_when_it_gets_another_name() -> None:
    provider_id = add()
    tried(cost="3")
    change(provider_id, name="Loft", user="acme")
    assert queries.spent_this_month(["Loft"], now=NOW) == {"Loft": Decimal(3)}


class Teller(Pigeon):
    """A pigeon that tells the price of all messages but one."""

    async def price(self, provider_id: str, account: Account) -> Price | None:
        if provider_id == "unknown":
            return None
        if provider_id == "refused":
            raise ChannelError("no", permanent=True)
        return Price(cost=Decimal(3), currency=account.name[:3].upper())


def test_prices_are_asked_for_until_they_are_known() -> None:
    ports.register_provider_type(Teller())
    add()
    for _ in range(4):
        tried()
    ids = list(Attempt.objects.order_by("id").values_list("id", flat=True))
    for attempt_id, provider_id in zip(ids, ("a", "unknown", "refused", ""), strict=True):
        Attempt.objects.filter(id=attempt_id).update(provider_id=provider_id)
    assert actions.ask_prices(now=NOW + timedelta(minutes=1)) == 0  # too early
    assert actions.ask_prices(now=NOW + timedelta(minutes=5)) == 1
    assert actions.ask_prices(now=NOW + timedelta(minutes=15)) == 0
    costs = Attempt.objects.order_by("id").values_list("cost", "currency")
    assert list(costs) == [(Decimal(3), "COO"), (None, ""), (None, ""), (None, "")]


# the pages


@pytest.fixture
def admin() -> Client:
    return signed_in(make_user("Root", "admin"))


@pytest.mark.parametrize("role", ["observer", "responder", "manager"])
def test_only_administrators_see_accounts(role: str) -> None:
    provider_id = add()
    client = signed_in(make_user("Mia", role))
    for path in (PAGE, f"{PAGE}{provider_id}/", f"{PAGE}add/pigeon/"):
        assert client.get(path).status_code == 403
    for path in ("switch", "first", "remove"):
        assert client.post(f"{PAGE}{provider_id}/{path}/").status_code == 403
    assert Provider.objects.get().is_on


def test_an_account_is_added_changed_and_removed_on_its_pages(admin: Client) -> None:
    answer = admin.post(f"{PAGE}add/pigeon/", {"name": "Coop", **VALUES})
    provider_id = Provider.objects.get().id
    assert answer["Location"] == f"{PAGE}{provider_id}/"
    page = admin.get(f"{PAGE}{provider_id}/")
    assert "do not show me" not in page.text
    assert "acme" in page.text
    admin.post(f"{PAGE}{provider_id}/", {"name": "Coop", **VALUES, "password": "", "user": "b"})
    assert queries.account(provider_id).values["password"] == "do not show me"
    admin.post(f"{PAGE}{provider_id}/switch/")
    assert not Provider.objects.get().is_on
    admin.post(f"{PAGE}{provider_id}/switch/", {"on": "yes"})
    assert Provider.objects.get().is_on
    admin.post(f"{PAGE}{provider_id}/remove/")
    assert not Provider.objects.exists()


def test_a_form_with_a_fault_says_so_and_does_not_return_the_secret(admin: Client) -> None:
    answer = admin.post(f"{PAGE}add/pigeon/", {"name": "Coop", **VALUES, "user": "nobody"})
    assert answer.status_code == 422
    assert "nobody is no user." in answer.text
    assert "do not show me" not in answer.text


def test_the_list_shows_what_accounts_did(admin: Client) -> None:
    add(monthly_limit="0")
    tried(cost="0.5")
    page = admin.get(PAGE).text
    assert "Limit reached" in page
    assert "Only first pages of incidents" in page


def test_the_list_needs_no_query_for_each_account(
    admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for name in ("One", "Two", "Three"):
        add(name)
        if name != "Two":
            with django_assert_num_queries(QUERIES_OF_LIST):
                counts.append(admin.get(PAGE).text.count("Ask first"))
    assert counts == [0, 2]


QUERIES_OF_LIST = 9


# the API


def test_the_api_sets_up_accounts_and_never_returns_a_secret() -> None:
    root = make_user("Root", "admin")
    token = make_token(root)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    body = {"type": "pigeon", "name": "Coop", "values": VALUES}
    made = client.post("/api/v1/providers", body, content_type="application/json")
    assert made.status_code == 201
    one = f"/api/v1/providers/{made.json()['id']}"
    answers = [
        made,
        client.get("/api/v1/providers"),
        client.put(one, {"name": "Loft", "values": {"user": "x"}}, content_type="application/json"),
        client.post(f"{one}/switch", {"is_on": False}, content_type="application/json"),
        client.post(f"{one}/first", {}, content_type="application/json"),
        client.get(f"{one}/usage"),
        client.get("/api/v1/providers/types"),
    ]
    assert {answer.status_code for answer in answers} == {200, 201}
    assert not any("do not show me" in answer.text for answer in answers)
    assert answers[5].json()["messages_today"] == 0
    assert client.delete(one).status_code == 204
    assert client.get(f"{one}/usage").status_code == 404


def test_the_api_is_for_administrators() -> None:
    token = make_token(make_user("Mia", "manager"))
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/providers").status_code == 403
