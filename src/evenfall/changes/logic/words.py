"""The words of the ledger."""

import enum


class ChangeKind(enum.StrEnum):
    """What sort of thing changed."""

    DEPLOY = "deploy"
    CONFIG = "config"
    FLAG = "flag"
    INFRASTRUCTURE = "infrastructure"
    DATA = "data"
    CERTIFICATE = "certificate"
    EXPERIMENT = "experiment"
    OTHER = "other"


class DeployState(enum.StrEnum):
    """How far a deploy is; changes of other kinds are finished when they are reported."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
