"""The calls of the fake Twilio."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from evenfall.fakes.twilio import Twilio


def routes(vendor: "Twilio") -> Sequence[BaseRoute]:  # noqa: ARG001 - filled next
    return ()


def people_routes(vendor: "Twilio") -> Sequence[BaseRoute]:  # noqa: ARG001 - filled next
    return ()
