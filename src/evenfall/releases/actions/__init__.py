"""Everything that writes releases. Import this module, not its parts."""

from evenfall.releases.actions.asking import ask_due, ask_gates
from evenfall.releases.actions.deploying import (
    Outcome,
    begin_deploy,
    cancel_passage,
    finish_deploy,
    mark_failed,
    mark_proven,
    mark_rolled_back,
)
from evenfall.releases.actions.downtime import DowntimeWish, plan_downtime
from evenfall.releases.actions.excepting import (
    ExceptionWish,
    ask_exception,
    decide_exception,
    remind_reviews,
    review_exception,
)
from evenfall.releases.actions.holding import (
    NewFreeze,
    declare_freeze,
    lift_freeze,
    lift_stop,
    stop_everything,
)
from evenfall.releases.actions.planning import ASK, plan_passage
from evenfall.releases.actions.registering import (
    Need,
    NewRelease,
    change_release,
    ensure_release,
    register_release,
)
from evenfall.releases.actions.scoping import Reach
from evenfall.releases.actions.settings import (
    StageWish,
    StandardWish,
    WindowWish,
    approve_standard,
    ask_standard,
    remove_window,
    save_stages,
    save_window,
    withdraw_standard,
)
from evenfall.releases.actions.signing import (
    Evidence,
    NewResult,
    push_result,
    sign_off,
    take_back,
    tick,
)
from evenfall.releases.actions.trains import TrainWish, save_train, take_next_train

__all__ = [
    "ASK",
    "DowntimeWish",
    "Evidence",
    "ExceptionWish",
    "Need",
    "NewFreeze",
    "NewRelease",
    "NewResult",
    "Outcome",
    "Reach",
    "StageWish",
    "StandardWish",
    "TrainWish",
    "WindowWish",
    "approve_standard",
    "ask_due",
    "ask_exception",
    "ask_gates",
    "ask_standard",
    "begin_deploy",
    "cancel_passage",
    "change_release",
    "decide_exception",
    "declare_freeze",
    "ensure_release",
    "finish_deploy",
    "lift_freeze",
    "lift_stop",
    "mark_failed",
    "mark_proven",
    "mark_rolled_back",
    "plan_downtime",
    "plan_passage",
    "push_result",
    "register_release",
    "remind_reviews",
    "remove_window",
    "review_exception",
    "save_stages",
    "save_train",
    "save_window",
    "sign_off",
    "stop_everything",
    "take_back",
    "take_next_train",
    "tick",
    "withdraw_standard",
]
