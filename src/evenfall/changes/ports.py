"""Words of the ledger which other domains speak too."""

import enum


class ChangeKind(enum.StrEnum):
    """What sort of thing changed."""

    DEPLOY = "deploy"
    CONFIG = "config"
    FLAG = "flag"
    INFRASTRUCTURE = "infrastructure"
    DATA = "data"
    OTHER = "other"
