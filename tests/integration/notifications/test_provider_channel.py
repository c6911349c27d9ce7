"""A message finds a provider that takes it, and every one that was asked is written down."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice

from evenfall.notifications import actions, ports
from evenfall.notifications.adapters import ProviderChannel
from evenfall.notifications.models import Attempt, ContactMethod, Notice
from evenfall.notifications.ports import (
    Accepted,
    Account,
    AddressField,
    ChannelError,
    Message,
    ProviderField,
    Receipt,
)

pytestmark = pytest.mark.django_db(transaction=True)
type Answer = Accepted | Exception | float


class Pigeon:
    """A provider whose accounts answer as scripted: a number is seconds of silence."""

    type = "pigeon"
    label = "Pigeon"
    channels = ("pigeon",)
    guide = ""
    fields = (ProviderField(name="monthly_limit", label="Limit", is_required=False),)

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.told_only: list[bool] = []

    def check(self, values: Mapping[str, str]) -> None:
        """Takes everything."""

    async def send(self, message: Message, account: Account) -> Accepted:
        self.asked.append(account.name)
        self.told_only.append(account.is_only)
        answer = self.answers.get(account.name, Accepted(provider_id=f"{account.name}-1"))
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return Accepted()
        if isinstance(answer, Exception):
            raise answer
        return answer


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pigeon(clock: Clock) -> Iterator[Pigeon]:
    from evenfall.notifications.ports import providers  # noqa: PLC0415 - to put it back

    pigeon = Pigeon()
    ports.register_provider_type(pigeon)
    ports.register_channel(
        ProviderChannel(
            kind="pigeon",
            label="Pigeon",
            address_field=AddressField(label="Loft", help="", icon="mail"),
            read_address=str,
            clock=clock,
        )
    )
    yield pigeon
    providers._types.pop("pigeon")


@pytest.fixture
def method(pigeon: Pigeon) -> ContactMethod:
    return make_contact_method(make_user("Ada"), "pigeon", address="loft 3")


def add(*names: str, monthly_limit: str = "") -> None:
    for name in names:
        actions.add_provider(
            type_name="pigeon",
            name=name,
            values={"monthly_limit": monthly_limit},
            now=NOW,
            actor="system",
        )


def plan(method: ContactMethod, **more: str) -> Notice:
    notice = new_notice(method.user, "pigeon", contact_method=method, **more)  # type: ignore[arg-type] # words only
    (notice_id,) = actions.plan_notices(notices=[notice], now=NOW)
    return Notice.objects.get(id=notice_id)


def tries() -> list[tuple[str, bool, str]]:
    rows = Attempt.objects.order_by("id").values_list("via", "accepted", "detail")
    return list(rows)


def test_the_first_account_carries_the_message(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("One", "Two")
    notice = plan(method)
    assert send_all() == 1
    notice.refresh_from_db()
    assert (notice.state, notice.provider_id) == ("accepted", "One-1")
    assert tries() == [("One", True, "")]
    assert pigeon.asked == ["One"]


def test_the_next_takes_over_and_both_are_written_down(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("One", "Two", "Three")
    pigeon.answers["One"] = ChannelError("no credit", permanent=True)
    pigeon.answers["Two"] = RuntimeError("a bug")
    notice = plan(method)
    send_all()
    notice.refresh_from_db()
    assert notice.provider_id == "Three-1"
    assert tries() == [
        ("One", False, "no credit"),
        ("Two", False, "RuntimeError in the provider"),
        ("Three", True, ""),
    ]


def test_an_account_knows_whether_it_is_the_only_one(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("One")
    plan(method, subject="page:1")
    send_all()
    add("Two")
    plan(method, subject="page:2")
    send_all()
    assert pigeon.told_only == [True, False]


def test_an_account_that_hangs_leaves_time_for_the_next(
    pigeon: Pigeon,
    method: ContactMethod,
    send_all: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from evenfall.notifications.adapters import provider_channel  # noqa: PLC0415 - shorter here

    monkeypatch.setattr(provider_channel, "TOTAL_S", 0.4)
    add("One", "Two")
    pigeon.answers["One"] = 60.0
    plan(method)
    send_all()
    assert tries() == [("One", False, "no answer within 0.2 s"), ("Two", True, "")]


def test_an_account_in_trouble_comes_last_for_two_minutes(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int], clock: Clock
) -> None:
    add("One", "Two")
    pigeon.answers["One"] = ChannelError("down", permanent=False)
    plan(method, subject="page:1")
    send_all()
    del pigeon.answers["One"]
    plan(method, subject="page:2")
    send_all()
    assert pigeon.asked == ["One", "Two", "Two"]
    clock.now += timedelta(minutes=2)
    plan(method, subject="page:3")
    send_all()
    assert pigeon.asked[-1] == "One"


def test_a_dead_address_ends_the_search(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("One", "Two")
    pigeon.answers["One"] = ChannelError("a landline", permanent=True, address_dead=True)
    notice = plan(method)
    send_all()
    notice.refresh_from_db()
    method.refresh_from_db()
    assert notice.state == "failed"
    assert method.broken_reason == "One: a landline"
    assert pigeon.asked == ["One"]


def test_when_all_refuse_for_now_it_is_tried_again(
    pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("One", "Two")
    wait = timedelta(seconds=20)
    pigeon.answers["One"] = ChannelError("busy", permanent=False, retry_after=wait)
    pigeon.answers["Two"] = ChannelError("no access", permanent=True)
    notice = plan(method)
    send_all()
    notice.refresh_from_db()
    assert notice.state == "planned"
    assert "One: busy; Two: no access" in notice.reason
    assert notice.due_at > NOW


def test_without_an_account_the_reason_names_who_can_mend_it(
    method: ContactMethod, send_all: Callable[[], int]
) -> None:
    notice = plan(method)
    send_all()
    notice.refresh_from_db()
    assert notice.state == "failed"
    assert "an administrator can add one" in notice.reason


# limits


def spend(amount: str, *, via: str = "One", subject: str = "page:9") -> None:
    """An earlier message of this month and its price."""
    actions.record_receipts(
        receipts=[
            Receipt(
                notice_id=notice_id,
                attempt=1,
                delivered=True,
                via=via,
                cost=Decimal(amount),
                currency="EUR",
            )
            for notice_id in Notice.objects.filter(subject=subject).values_list("id", flat=True)
        ],
        now=NOW,
    )


@pytest.fixture
def spent(pigeon: Pigeon, method: ContactMethod, send_all: Callable[[], int]) -> ContactMethod:
    """The only account has cost more than it may; page:9 has reached Ada."""
    add("One", monthly_limit="5")
    plan(method, subject="page:9")
    send_all()
    spend("5.01")
    return method


def test_a_limit_never_holds_back_the_first_page_of_an_incident(
    spent: ContactMethod, send_all: Callable[[], int], clock: Clock
) -> None:
    clock.now += timedelta(minutes=1)
    first = plan(spent, subject="page:10")
    send_all()
    first.refresh_from_db()
    assert first.state == "accepted"


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "page:9"},
        {"subject": "page:10", "urgency": "low"},
        {"subject": "user:1", "purpose": "test"},
    ],
    ids=["repeat", "low urgency", "test"],
)
def test_a_limit_holds_back_the_rest_and_says_so(
    spent: ContactMethod, send_all: Callable[[], int], more: dict[str, str]
) -> None:
    ports.register_channel(fresh_channel())
    notice = plan(spent, **more)
    send_all()
    notice.refresh_from_db()
    assert notice.state == "failed"
    assert "the limit of 5 a month is reached" in notice.reason


def test_an_account_below_its_limit_is_asked_before_one_beyond(
    pigeon: Pigeon, spent: ContactMethod, send_all: Callable[[], int]
) -> None:
    add("Two")
    ports.register_channel(fresh_channel())
    plan(spent, subject="page:10")
    plan(spent, subject="page:9")
    send_all()
    assert pigeon.asked[1:] == ["Two", "Two"]


def fresh_channel() -> ProviderChannel:
    """One that has not read the budgets yet."""
    return ProviderChannel(
        kind="pigeon",
        label="Pigeon",
        address_field=AddressField(label="Loft", help="", icon="mail"),
        read_address=str,
    )
