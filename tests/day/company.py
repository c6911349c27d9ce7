"""The company of the day: eight teams, sixty services, and who needs whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Final

from msgspec import Struct

from evenfall.alerting.logic.causes import MOST_STEPS, Node, ServiceGraph, graph_of

# Each team from what lies at the bottom to what customers see.
TEAMS: Final[Mapping[str, Sequence[str]]] = {
    "platform": (
        *("network", "hosts", "block-storage", "message-bus", "secrets", "dns", "registry"),
        "build-farm",
    ),
    "payments": (
        *("payments-db", "ledger", "card-vault", "fraud-check", "invoicing", "refunds"),
        *("payment-api", "checkout"),
    ),
    "orders": (
        *("orders-db", "order-store", "baskets", "pricing", "vouchers", "order-events"),
        *("order-api", "order-desk"),
    ),
    "catalogue": (
        *("catalogue-db", "items", "images", "stock", "ratings", "catalogue-api"),
        "catalogue-admin",
    ),
    "accounts": (
        *("accounts-db", "profiles", "consents", "sessions", "mailer", "sign-in", "account-page"),
    ),
    "delivery": (
        *("delivery-db", "routes", "carriers", "labels", "tracking", "delivery-api"),
        "returns-desk",
    ),
    "insight": (
        *("warehouse-db", "ingest", "reports-job", "metrics-job", "segments", "insight-api"),
        "dashboards",
    ),
    "web": (
        *("edge-cache", "web-assets", "search-index", "search", "recommendations", "shop-web"),
        *("mobile-api", "partner-api"),
    ),
}
FIRST_TIER: Final = frozenset({"checkout", "payment-api", "sign-in", "shop-web"})
# what everybody builds on, and which of the teams' services need it
SHARED: Final[Mapping[str, Sequence[str]]] = {
    "block-storage": ("payments-db", "orders-db", "catalogue-db", "accounts-db", "delivery-db"),
    "message-bus": ("order-events", "ingest", "tracking"),
}
ACROSS: Final = (
    ("shop-web", "order-api"),
    ("shop-web", "catalogue-api"),
    ("mobile-api", "sign-in"),
    ("partner-api", "delivery-api"),
    ("checkout", "sign-in"),
)
STANDS_ALONE: Final = frozenset({"network", "hosts", "secrets", "dns", "registry", "build-farm"})


class ServiceOf(Struct, frozen=True, kw_only=True):
    """A service, by its slug, and its team, likewise."""

    slug: str
    team: str
    tier: int


@dataclass(frozen=True)
class Company:
    services: Mapping[str, ServiceOf]
    needs: Sequence[tuple[str, str]] = field(default=())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {slug: number for number, slug in enumerate(self.services, start=1)}

    @cached_property
    def _slugs(self) -> list[str]:
        return ["", *self.services]

    @cached_property
    def _graph(self) -> ServiceGraph:
        """As the product sees it: what is near is the same there and here."""
        numbers = self._numbers
        nodes = (Node(numbers[s.slug], s.slug, None, s.tier) for s in self.services.values())
        edges = ((numbers[one], numbers[other]) for one, other in self.needs)
        return graph_of(version=1, nodes=nodes, edges=edges, most_steps=MOST_STEPS)

    def team_of(self, slug: str) -> str:
        return self.services[slug].team

    def above(self, slug: str, *, steps: int = MOST_STEPS) -> list[str]:
        """What needs the service over at most so many steps, sorted."""
        return self._named(self._graph.above(self._numbers[slug]), steps)

    def below(self, slug: str, *, steps: int = MOST_STEPS) -> list[str]:
        """What the service needs, likewise."""
        return self._named(self._graph.below(self._numbers[slug]), steps)

    def near(self, slugs: Iterable[str]) -> frozenset[str]:
        """These services and all whose problems could be taken for theirs."""
        return frozenset(
            near for slug in slugs for near in (slug, *self.above(slug), *self.below(slug))
        )

    def _named(self, found: Mapping[int, int], steps: int) -> list[str]:
        return sorted(self._slugs[number] for number, far in found.items() if far <= steps)


def make_company(rng: Random) -> Company:
    """Services of a team need one or two of those that lie below them; the rest is given."""
    services = {
        slug: ServiceOf(slug=slug, team=team, tier=_tier(slug, rng))
        for team, slugs in TEAMS.items()
        for slug in slugs
    }
    needs = [edge for slugs in TEAMS.values() for edge in _inside(slugs, rng)]
    needs += [(slug, shared) for shared, slugs in SHARED.items() for slug in slugs]
    return Company(services, [*needs, *ACROSS])


def _tier(slug: str, rng: Random) -> int:
    return 1 if slug in FIRST_TIER else rng.choice((2, 2, 3, 3, 4))


def _inside(slugs: Sequence[str], rng: Random) -> list[tuple[str, str]]:
    edges = []
    for place, slug in enumerate(slugs):
        below = [one for one in slugs[:place] if one not in STANDS_ALONE]
        if below and slug not in STANDS_ALONE:
            needed = rng.sample(below, min(len(below), rng.choice((1, 1, 2))))
            edges += [(slug, one) for one in sorted(needed)]
    return edges
