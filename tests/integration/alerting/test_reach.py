"""Teams make their own alerts quiet and wire their own services, and nobody else's."""

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import make_membership, make_team, make_user, viewer

from evenfall.alerting.errors import ReachesOtherTeams
from evenfall.alerting.ports import Matcher, Operator
from evenfall.alerting.queries import check_managed, check_quiet
from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.platform.errors import Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Service:
    return make_service("Own")


@pytest.fixture
def foreign() -> Service:
    return make_service("Foreign")


@pytest.fixture
def lead(own: Service) -> User:
    """She observes the site and manages the team of her own service."""
    person = make_user("Olga", "observer")
    make_membership(own.team, person, role="manager")
    return person


def about(*services: Service, operator: Operator = Operator.EQUAL) -> list[Matcher]:
    return [Matcher("service", operator, service.slug) for service in services]


def test_team_makes_its_own_service_quiet(lead: User, own: Service) -> None:
    check_quiet(viewer(lead), matchers=about(own))
    check_quiet(viewer(lead), matchers=[], service_ids={own.id})


def test_team_makes_nothing_else_quiet(lead: User, own: Service, foreign: Service) -> None:
    for matchers, service_ids in (
        ([Matcher("severity", Operator.EQUAL, "critical")], set()),
        (about(foreign), set()),
        (about(own, operator=Operator.NOT_EQUAL), set()),
        ([], {own.id, foreign.id}),
        (about(own), {foreign.id}),
        ([], {987_654}),
        ([], set()),
    ):
        with pytest.raises(ReachesOtherTeams):
            check_quiet(viewer(lead), matchers=matchers, service_ids=service_ids)


def test_responder_of_the_site_makes_anything_quiet(foreign: Service) -> None:
    check_quiet(viewer(make_user()), matchers=about(foreign))


def test_team_wires_its_integrations_to_its_own_services_only(
    lead: User, own: Service, foreign: Service
) -> None:
    check_managed(viewer(lead), team_id=own.team_id, service_id=own.id)
    for team_id, service_id in (
        (own.team_id, foreign.id),
        (foreign.team_id, own.id),
        (make_team("Third").id, None),
        (None, foreign.id),
        (None, None),
    ):
        with pytest.raises(Forbidden):
            check_managed(viewer(lead), team_id=team_id, service_id=service_id)
