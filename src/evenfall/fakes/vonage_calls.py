"""The calls of the fake Vonage."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from evenfall.fakes.vonage import Vonage


def routes(vendor: "Vonage") -> Sequence[BaseRoute]:  # noqa: ARG001 - filled next
    return ()


def people_routes(vendor: "Vonage") -> Sequence[BaseRoute]:  # noqa: ARG001 - filled next
    return ()
