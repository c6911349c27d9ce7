"""Words of releases which other domains speak too, and what they are told by others."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from evenfall.releases.logic.facts import BudgetFact
from evenfall.releases.logic.states import OPEN, RUNNING, UNDER_WAY, WAITING, State
from evenfall.releases.logic.words import URGENT, ExceptionKind, Kind, Scope, Verdict

__all__ = [
    "OPEN",
    "RUNNING",
    "UNDER_WAY",
    "URGENT",
    "WAITING",
    "BudgetFact",
    "BudgetReader",
    "ExceptionKind",
    "Kind",
    "Scope",
    "State",
    "Verdict",
    "budgets",
    "register_budgets",
]


class BudgetReader(Protocol):
    """The budgets of these services; one that has no objective is left out."""

    def __call__(
        self, service_ids: Collection[int], *, now: datetime
    ) -> Mapping[int, Sequence[BudgetFact]]: ...


_readers: list[BudgetReader] = []


def register_budgets(reader: BudgetReader) -> None:
    """Say who knows error budgets. Called once by the composition root."""
    _readers[:] = [reader]


def budgets(service_ids: Collection[int], *, now: datetime) -> Mapping[int, Sequence[BudgetFact]]:
    """What is known; nothing where nobody knows error budgets."""
    return _readers[0](service_ids, now=now) if _readers else {}
