"""Error budgets as the gates take them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from evenfall.releases.logic.facts import BudgetFact
from evenfall.slo import queries as slo_queries
from evenfall.slo.ports import BudgetState
from evenfall.slo.queries import BudgetStanding


def budgets(service_ids: Collection[int], *, now: datetime) -> dict[int, list[BudgetFact]]:
    """The budgets of these services; one without an objective is left out."""
    found: dict[int, list[BudgetFact]] = defaultdict(list)
    for one in slo_queries.budget_states(service_ids, now=now):
        found[one.service_id].append(_fact(one))
    return found


def _fact(one: BudgetStanding) -> BudgetFact:
    """A frozen budget with an approved exception of its own holds nothing, and says so."""
    state = "" if one.state is BudgetState.UNKNOWN else one.state.value
    if one.state is BudgetState.FROZEN and one.may_pass:
        state = BudgetState.WARN.value
    return BudgetFact(
        name=one.name, state=state, environment=one.environment, why=one.reason.rstrip(".")
    )
