"""Named reads of objectives. Import this module, not its parts."""

from evenfall.slo.queries.budgets import (
    BudgetStanding,
    CorrectionView,
    FiringView,
    Spending,
    budget_states,
    corrections,
    firings,
    history,
    spending,
)
from evenfall.slo.queries.exceptions import (
    REVIEWS_URL,
    ExceptionView,
    ReviewView,
    due_reviews,
    exceptions,
    exceptions_page,
)
from evenfall.slo.queries.indicators import (
    IndicatorView,
    indicator,
    indicator_by_slug,
    indicators,
)
from evenfall.slo.queries.maintenance import experiment_causes, maintenance_causes
from evenfall.slo.queries.objectives import (
    ObjectiveFilters,
    ObjectiveView,
    PairView,
    StandingView,
    objective,
    objective_by_slug,
    objectives,
    objectives_of,
    objectives_page,
    team_of,
)

__all__ = [
    "REVIEWS_URL",
    "BudgetStanding",
    "CorrectionView",
    "ExceptionView",
    "FiringView",
    "IndicatorView",
    "ObjectiveFilters",
    "ObjectiveView",
    "PairView",
    "ReviewView",
    "Spending",
    "StandingView",
    "budget_states",
    "corrections",
    "due_reviews",
    "exceptions",
    "exceptions_page",
    "experiment_causes",
    "firings",
    "history",
    "indicator",
    "indicator_by_slug",
    "indicators",
    "maintenance_causes",
    "objective",
    "objective_by_slug",
    "objectives",
    "objectives_of",
    "objectives_page",
    "spending",
    "team_of",
]
