"""Words of the catalog which other domains speak too."""

import enum


class Environment(enum.StrEnum):
    """Where something runs."""

    PROD = "PROD"
    UAT = "UAT"
    DEV = "DEV"


class Criticality(enum.StrEnum):
    """How much the business hurts while the service is down, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class DependencyKind(enum.StrEnum):
    """Whether a service stops (hard) or only degrades (soft) without what it needs."""

    HARD = "hard"
    SOFT = "soft"
