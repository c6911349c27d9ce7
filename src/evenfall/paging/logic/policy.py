"""An escalation policy as a value: who is looked for, in which order, for how long."""

from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.paging.logic.window import WeeklyWindow, is_zone
from evenfall.paging.logic.words import AtEnd, TargetKind

MAX_STEPS = 20
MAX_ROUNDS = 10
MAX_DELAY_MINUTES = 24 * 60
ACK_TIMEOUT_MINUTES = 30
NEEDS_ID = frozenset({TargetKind.USER})
SEVERITIES = frozenset({"critical", "error", "warning", "info"})
DAYS = frozenset(range(7))


class TargetSpec(Struct, frozen=True, kw_only=True):
    """One answer to "whom?". `id` None means the rotas or the team of the page itself."""

    kind: TargetKind
    id: int | None = None


class StepSpec(Struct, frozen=True, kw_only=True):
    """Everybody in `targets` is paged at once; after `delay_minutes` the next step is taken.

    Conditions: `severities` (empty: any; a page without a severity meets every condition, for
    unknown is not harmless) and `window` (None: always).
    """

    targets: tuple[TargetSpec, ...]
    delay_minutes: int = 5
    severities: frozenset[str] = frozenset()
    window: WeeklyWindow | None = None

    @property
    def delay(self) -> timedelta:
        return timedelta(minutes=self.delay_minutes)

    def meets_severity(self, severity: str | None) -> bool:
        return not self.severities or severity is None or severity in self.severities

    def meets_time(self, at: datetime) -> bool:
        return self.window is None or self.window.contains(at)


class PolicySpec(Struct, frozen=True, kw_only=True):
    """Steps in order, taken `rounds` times; then `at_end`.

    REPEAT goes on with further rounds for ever; CATCH_ALL pages `catch_all_user_id`, or the
    site's administrators when it is None or cannot be reached.
    """

    steps: tuple[StepSpec, ...]
    rounds: int = 3
    at_end: AtEnd = AtEnd.CATCH_ALL
    catch_all_user_id: int | None = None
    ack_timeout_minutes: int = ACK_TIMEOUT_MINUTES

    @property
    def ack_timeout(self) -> timedelta:
        return timedelta(minutes=self.ack_timeout_minutes)

    @property
    def last_targets(self) -> tuple[TargetSpec, ...]:
        if self.catch_all_user_id is None:
            return (TargetSpec(kind=TargetKind.ADMINISTRATORS),)
        return (TargetSpec(kind=TargetKind.USER, id=self.catch_all_user_id),)

    @property
    def help_targets(self) -> tuple[TargetSpec, ...]:
        """The lieutenants of every rota that the policy names, else of the page's own rotas."""
        rota_kinds = {TargetKind.ROTA, TargetKind.LIEUTENANT, TargetKind.NEXT}
        targets = (target for step in self.steps for target in step.targets)
        rota_ids = dict.fromkeys(target.id for target in targets if target.kind in rota_kinds)
        return tuple(
            TargetSpec(kind=TargetKind.LIEUTENANT, id=rota_id) for rota_id in rota_ids or (None,)
        )


DEFAULT_POLICY = PolicySpec(
    steps=(
        StepSpec(targets=(TargetSpec(kind=TargetKind.ROTA),), delay_minutes=5),
        StepSpec(targets=(TargetSpec(kind=TargetKind.LIEUTENANT),), delay_minutes=5),
        StepSpec(
            targets=(
                TargetSpec(kind=TargetKind.TEAM_LEAD),
                TargetSpec(kind=TargetKind.LIEUTENANT),
            ),
            delay_minutes=10,
        ),
    ),
)


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong with a policy, where (a field path) and what to do."""

    field: str
    message: str


def problems(policy: PolicySpec) -> tuple[Problem, ...]:
    """Everything that keeps a policy from being saved; empty when it may be."""
    return (*_whole_problems(policy), *_steps_problems(policy))


def _whole_problems(policy: PolicySpec) -> list[Problem]:
    checks = (
        (
            bool(policy.steps),
            "steps",
            "Add at least one step: without steps nobody is paged.",
        ),
        (len(policy.steps) <= MAX_STEPS, "steps", f"Use at most {MAX_STEPS} steps."),
        (1 <= policy.rounds <= MAX_ROUNDS, "rounds", f"Choose 1 to {MAX_ROUNDS} rounds."),
        (
            1 <= policy.ack_timeout_minutes <= MAX_DELAY_MINUTES,
            "ack_timeout_minutes",
            f"Choose 1 to {MAX_DELAY_MINUTES} minutes.",
        ),
    )
    return [Problem(field=field, message=text) for good, field, text in checks if not good]


def _steps_problems(policy: PolicySpec) -> list[Problem]:
    return [
        Problem(field=f"steps.{number}.{field}", message=text)
        for number, step in enumerate(policy.steps)
        for good, field, text in _step_checks(step)
        if not good
    ]


def _step_checks(step: StepSpec) -> tuple[tuple[bool, str, str], ...]:
    return (
        (bool(step.targets), "targets", "Choose at least one person, rota or team to page."),
        (
            all(target.id is not None for target in step.targets if target.kind in NEEDS_ID),
            "targets",
            "Choose which person to page.",
        ),
        (
            1 <= step.delay_minutes <= MAX_DELAY_MINUTES,
            "delay_minutes",
            f"Choose 1 to {MAX_DELAY_MINUTES} minutes.",
        ),
        (
            step.severities <= SEVERITIES,
            "severities",
            "Use critical, error, warning and info only.",
        ),
        (
            step.window is None or bool(step.window.days),
            "window",
            "Choose at least one day of the week, or remove the time condition.",
        ),
        (
            step.window is None or (step.window.days <= DAYS and is_zone(step.window.zone)),
            "window",
            "Use days from 0 (Monday) to 6 and a time zone such as Europe/Lisbon.",
        ),
    )
