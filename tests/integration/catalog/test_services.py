from datetime import datetime
from typing import Any

import pytest
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_team

from evenfall.catalog import actions, errors, queries
from evenfall.identity import errors as identity_errors
from evenfall.platform import journal
from evenfall.platform.errors import Invalid

pytestmark = pytest.mark.django_db


def fields(**changes: Any) -> actions.ServiceFields:
    values = {"name": "Checkout", **changes}
    team_id = values.pop("team_id", None) or make_team().id
    return actions.ServiceFields(team_id=team_id, **values)


def create(now: datetime, **changes: Any) -> int:
    return actions.create_service(fields=fields(**changes), now=now, actor="user:1")


def test_create_service_makes_a_slug_and_an_event(now: datetime) -> None:
    service_id = create(now, name="Check  out", environments=["DEV", "PROD"])
    service = queries.service_by_slug("check-out")
    assert (service.id, service.name, service.environments) == (
        service_id,
        "Check out",
        ("PROD", "DEV"),
    )
    (entry,) = journal.entries(subject=f"service:{service_id}")
    assert (entry.kind, entry.data["before"]) == ("catalog.service_created", {})


def test_a_slug_is_taken_for_ever(now: datetime) -> None:
    service_id = create(now)
    actions.archive_service(service_id=service_id, now=now, actor="user:1")
    with pytest.raises(errors.SlugTaken):
        create(now)


def test_of_two_with_one_slug_neither_is_made(now: datetime) -> None:
    wanted = [
        actions.NewService(fields=fields(), slug=slug) for slug in ("checkout", "cart", "cart")
    ]
    with pytest.raises(errors.SlugTaken, match="cart"):
        actions.create_services(wanted=wanted, now=now, actor="user:1")
    with pytest.raises(errors.ServiceNotFound):
        queries.service_by_slug("checkout")


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"name": " "}, errors.NameMissing, "name"),
        ({"name": "new"}, errors.SlugNotValid, "slug"),
        ({"name": "!!"}, errors.SlugNotValid, "slug"),
        ({"tier": 5}, errors.TierOutOfRange, "tier"),
        ({"tier": 0}, errors.TierOutOfRange, "tier"),
        ({"criticality": "huge"}, errors.UnknownCriticality, "criticality"),
        ({"environments": []}, errors.EnvironmentMissing, "environments"),
        ({"environments": ["MOON"]}, errors.EnvironmentMissing, "environments"),
        ({"runbook_url": "javascript:alert(1)"}, errors.LinkNotValid, "runbook_url"),
        ({"dashboard_url": "grafana"}, errors.LinkNotValid, "dashboard_url"),
    ],
)
def test_create_service_refuses(
    now: datetime, changes: dict[str, Any], error: type[Invalid], field: str
) -> None:
    with pytest.raises(error) as caught:
        create(now, **changes)
    assert caught.value.field == field


def test_create_service_needs_a_team_that_exists(now: datetime) -> None:
    with pytest.raises(identity_errors.TeamNotFound):
        create(now, team_id=987654)


def test_change_service_tells_what_changed_only(now: datetime) -> None:
    service = make_service(tier=2)
    wanted = fields(team_id=service.team_id, tier=1)
    for _ in range(2):
        actions.change_service(service_id=service.id, fields=wanted, now=now, actor="user:1")
    (entry,) = journal.entries(subject=f"service:{service.id}")
    assert (entry.data["before"], entry.data["after"]) == ({"tier": 2}, {"tier": 1})


def test_archived_services_leave_the_choices_and_come_back(now: datetime) -> None:
    service = make_service()
    for _ in range(2):
        actions.archive_service(service_id=service.id, now=now, actor="user:1")
    assert service.id not in queries.services()
    assert queries.services([service.id])[service.id].is_archived
    for _ in range(2):
        actions.restore_service(service_id=service.id, now=now, actor="user:1")
    assert service.id in queries.services()
    assert len(journal.entries(subject=f"service:{service.id}")) == 2


def depend(now: datetime, one: int, other: int, kind: str = "hard") -> None:
    actions.set_dependency(service_id=one, depends_on_id=other, kind=kind, now=now, actor="user:1")


def test_dependencies_are_seen_from_both_ends(now: datetime) -> None:
    shop, bank = make_service("Shop"), make_service("Bank")
    depend(now, shop.id, bank.id)
    assert [link.service.name for link in queries.needs(shop.id)] == ["Bank"]
    assert [link.service.name for link in queries.needed_by(bank.id)] == ["Shop"]


def test_a_dependency_can_become_soft(now: datetime) -> None:
    shop, bank = make_service("Shop"), make_service("Bank")
    for kind in ("hard", "soft", "soft"):
        depend(now, shop.id, bank.id, kind)
    changes = [
        (entry.data["before"], entry.data["after"])
        for entry in journal.entries(subject=f"service:{bank.id}")
    ]
    assert changes == [({}, {"kind": "hard"}), ({"kind": "hard"}, {"kind": "soft"})]


def test_a_circle_is_refused_and_told(now: datetime) -> None:
    shop, bank, mail = make_service("Shop"), make_service("Bank"), make_service("Mail")
    make_dependency(shop, bank)
    make_dependency(bank, mail)
    with pytest.raises(errors.DependsOnItself, match="Mail needs Shop needs Bank needs Mail"):
        depend(now, mail.id, shop.id)


def test_a_service_does_not_need_itself(now: datetime) -> None:
    shop = make_service("Shop")
    with pytest.raises(errors.DependsOnItself):
        depend(now, shop.id, shop.id)


def test_dependencies_have_known_kinds_and_ends(now: datetime) -> None:
    shop = make_service("Shop")
    with pytest.raises(errors.UnknownDependencyKind):
        depend(now, shop.id, shop.id, "loose")
    with pytest.raises(errors.ServiceNotFound):
        depend(now, shop.id, 987654)


def test_a_dependency_is_removed_once(now: datetime) -> None:
    shop, bank = make_service("Shop"), make_service("Bank")
    make_dependency(shop, bank)
    actions.remove_dependency(service_id=shop.id, depends_on_id=bank.id, now=now, actor="user:1")
    assert queries.needs(shop.id) == []
    with pytest.raises(errors.DependencyNotFound):
        actions.remove_dependency(
            service_id=shop.id, depends_on_id=bank.id, now=now, actor="user:1"
        )


def test_find_services_looks_at_names_and_slugs() -> None:
    make_service("Checkout", slug="shop-checkout")
    make_service("Mail", slug="mail")
    assert [one.slug for one in queries.find_services("SHOP")] == ["shop-checkout"]
