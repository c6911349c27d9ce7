"""The words in which others describe rotas to `actions` and read them from `queries`."""

from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import (
    Gap,
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    Role,
    ShiftPattern,
    Span,
    WeeklyWindow,
)

type Duty = Span
"""One person in one role for one whole stretch of time."""

__all__ = [
    "Duty",
    "Gap",
    "LayerSpec",
    "LieutenantKind",
    "LieutenantRule",
    "MemberSlot",
    "OnCall",
    "OverrideKind",
    "OverrideSpec",
    "Role",
    "ShiftPattern",
    "Span",
    "WeeklyWindow",
]
