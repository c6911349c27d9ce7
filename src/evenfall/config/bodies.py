"""The bodies of the API: hundreds of models, of which an installation uses a few."""

import ninja
from ninja.params.models import ParamModel


def build_when_used() -> None:
    """Let each model make its validator at the first request that needs it, under Pydantic's lock.

    To make all of them takes a second of the start and 13 MB. Whoever defines a model before this
    is called only pays for that one.
    """
    for root in (ninja.Schema, ParamModel):
        root.model_config["defer_build"] = True
