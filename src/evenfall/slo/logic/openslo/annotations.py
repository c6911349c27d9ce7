"""What OpenSLO has no word for, in annotations with our prefix: written here, read back here."""

import json
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog.ports import Environment
from evenfall.slo.logic.openslo.drafts import PREFIX, DraftIndicator, DraftObjective
from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.structs import Meta
from evenfall.slo.logic.pairs import Scaling
from evenfall.slo.logic.spec import AlertRules, LowTraffic, NoData, Policy

ENVIRONMENT: Final = f"{PREFIX}environment"
SERVICE: Final = f"{PREFIX}service"
NO_DATA: Final = f"{PREFIX}no-data"
POLICY: Final = f"{PREFIX}budget-policy"
ALERTS: Final = f"{PREFIX}alerts"
CREATED: Final = f"{PREFIX}created-query"
SHORT: Final = f"{PREFIX}short-window"
SEVERITY: Final = f"{PREFIX}severity"
_EVENTS_MOST: Final = 10**9


class Settings(Struct, frozen=True, kw_only=True):
    """What our annotations on an SLO say; without them the usual values."""

    environment: str
    no_data: NoData
    policy: Policy
    rules: AlertRules | None

    def alerts(self, said: AlertRules | None) -> AlertRules | None:
        """The rules with the pairs of the document's own policies."""
        if self.rules is None:
            return said
        return self.rules if said is None else replace(self.rules, pairs=said.pairs)


def environment(meta: Meta, otherwise: str = Environment.PROD.value) -> str:
    said = meta.annotations.get(ENVIRONMENT, "").upper()
    return said if said in set(Environment) else otherwise


def of_indicator(found: DraftIndicator) -> dict[str, str]:
    """What an indicator says beyond OpenSLO: there an SLI is of no service."""
    said = {SERVICE: found.service, ENVIRONMENT: found.environment.lower()}
    return said | ({CREATED: found.spec.created} if found.spec.created else {})


def settings(meta: Meta, number: int, notes: list[Note]) -> Settings:
    """Read our annotations; what makes no sense is noted, and the usual value taken."""
    no_data = meta.annotations.get(NO_DATA, NoData.SKIP.value)
    policy, rules = _json(meta, POLICY), _json(meta, ALERTS)
    try:
        return Settings(
            environment=environment(meta),
            no_data=NoData(no_data),
            policy=_policy(policy) if policy else Policy(),
            rules=_rules(rules) if rules else None,
        )
    except (ValueError, TypeError, LookupError):
        notes.append(
            Note(
                document=number,
                path="metadata.annotations",
                severity=Severity.WARNING,
                text=f"An annotation {PREFIX}… cannot be read; the usual values are taken.",
                todo="Remove it, or export it anew.",
                about=f"SLO {meta.name}",
            )
        )
    return Settings(environment=environment(meta), no_data=NoData.SKIP, policy=Policy(), rules=None)


def of_objective(found: DraftObjective) -> dict[str, str]:
    """What an objective says beyond OpenSLO; usual values are left out, alerts never are."""
    said = {
        ENVIRONMENT: found.environment.lower(),
        ALERTS: _rules_text(found.alerts or AlertRules()),
    }
    if found.promise.no_data is not NoData.SKIP:
        said[NO_DATA] = found.promise.no_data.value
    if found.policy != Policy():
        said[POLICY] = json.dumps(
            {"warn_below": found.policy.warn_below, "thaw_from": found.policy.thaw_from}
        )
    return said


def _rules_text(rules: AlertRules) -> str:
    few = rules.low_traffic
    return json.dumps(
        {
            "is_on": rules.is_on,
            "scaling": rules.scaling.value,
            "absent": rules.absent,
            "exhausted": rules.exhausted,
            "least_total": few.least_total,
            "least_bad": few.least_bad,
            "budget_share": few.budget_share,
            "exact": few.exact,
        }
    )


def _json(meta: Meta, key: str) -> dict[str, Any]:
    """The mapping in an annotation; anything else counts as not there."""
    try:
        found = json.loads(meta.annotations.get(key, "{}"))
    except (ValueError, RecursionError):
        found = {"": None}
    return found if isinstance(found, dict) else {"": None}


def _policy(said: dict[str, Any]) -> Policy:
    return Policy(warn_below=_share(said["warn_below"]), thaw_from=_share(said["thaw_from"]))


def _rules(said: dict[str, Any]) -> AlertRules:
    return AlertRules(
        is_on=_truth(said["is_on"]),
        scaling=Scaling(said["scaling"]),
        absent=_truth(said["absent"]),
        exhausted=_truth(said["exhausted"]),
        low_traffic=LowTraffic(
            least_total=_count(said["least_total"]),
            least_bad=_count(said["least_bad"]),
            budget_share=_truth(said["budget_share"]),
            exact=_truth(said["exact"]),
        ),
    )


def _truth(value: Any) -> bool:  # noqa: ANN401 - JSON
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: Any) -> int:  # noqa: ANN401 - JSON
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _EVENTS_MOST:
        raise ValueError
    return value


def _share(value: Any) -> float:  # noqa: ANN401 - JSON
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError
    return float(value)
