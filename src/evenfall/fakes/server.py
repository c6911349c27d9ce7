"""One server for all fakes, with an address for each and one for who rehearses.

/<vendor>/…             what the vendor serves
/_/                     what exists, as JSON
/_/<vendor>/messages    GET what it was given; DELETE forgets messages and faults
/_/<vendor>/faults      POST plans a fault: {"kind": "status", "times": 2, "status": 503, …}
/_/<vendor>/callbacks   GET the callbacks it made, with the status of each answer
/_/<vendor>/…           what a reader can do there
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import uvicorn
from msgspec.structs import asdict
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor


def application(vendors: Sequence[Vendor]) -> ASGIApp:
    """The fakes as one ASGI application."""
    routes: list[BaseRoute] = [Route("/_/", _overview(vendors), methods=["GET"])]
    for vendor in vendors:
        people = Mount(f"/_/{vendor.name}", routes=[*_control(vendor), *vendor.people_routes()])
        routes += [people, Mount(f"/{vendor.name}", routes=list(vendor.routes()))]
    return _Cutting(Starlette(routes=routes))


def serve(vendors: Sequence[Vendor], *, host: str, port: int) -> None:
    """Serve until interrupted."""
    uvicorn.run(application(vendors), host=host, port=port, log_level="warning")


class _Cutting:
    """Ends the connection without an answer where a fake says that its provider crashed."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._inner(scope, receive, send)
        except ConnectionCut:
            # a body shorter than promised: the server closes the connection in the middle
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-length", b"9")],
                }
            )
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _overview(vendors: Iterable[Vendor]) -> Any:  # noqa: ANN401 - an endpoint of Starlette
    async def overview(_request: Request) -> JSONResponse:
        found = {
            vendor.name: {
                "messages": len(vendor.sent),
                "faults_planned": len(vendor.faults),
                "faults_known": sorted(vendor.faults_known),
            }
            for vendor in vendors
        }
        return JSONResponse(found)

    return overview


def _control(vendor: Vendor) -> list[BaseRoute]:
    async def messages(_request: Request) -> JSONResponse:
        return JSONResponse([asdict(sent) for sent in vendor.sent])

    async def forget(_request: Request) -> JSONResponse:
        vendor.clear()
        return JSONResponse({})

    async def plan(request: Request) -> JSONResponse:
        vendor.faults.plan(_fault(await request.body(), vendor))
        return JSONResponse({"planned": len(vendor.faults)}, status_code=201)

    async def callbacks(_request: Request) -> JSONResponse:
        made = [{"url": url, "status": status} for url, status in vendor.callbacks]
        return JSONResponse(made)

    return [
        Route("/messages", messages, methods=["GET"]),
        Route("/messages", forget, methods=["DELETE"]),
        Route("/faults", plan, methods=["POST"]),
        Route("/callbacks", callbacks, methods=["GET"]),
    ]


def _fault(body: bytes, vendor: Vendor) -> Fault:
    try:
        described = json.loads(body)
        fault = Fault(**{**described, "kind": FaultKind(described["kind"])})
    except (ValueError, TypeError, KeyError) as error:
        known = ", ".join(sorted(vendor.faults_known))
        raise HTTPException(422, f"not a fault; kinds of {vendor.name}: {known}") from error
    if fault.kind not in vendor.faults_known:
        known = ", ".join(sorted(vendor.faults_known))
        raise HTTPException(422, f"{vendor.name} has no fault {fault.kind}; it knows: {known}")
    return fault
