"""Kubernetes: a cluster with workloads, nodes and a route, as its REST API shows them.

Served: GET and PATCH of /apis/apps/v1/namespaces/{namespace}/deployments/{name}, the same of
statefulsets, of …/scale below both, of /api/v1/nodes/{name}, of …/services/{name} and of the
httproutes of the Gateway API (gateway.networking.k8s.io/v1). There are the Deployments ``web``,
``web-green`` and ``web-baseline`` and the StatefulSet ``db`` in the namespace ``shop`` with three
replicas each, and the nodes ``node-1`` and ``node-2``. The Service ``web`` selects the slot blue;
the HTTPRoute ``web`` leads to ``web-blue`` and ``web-green`` by weights. The token ``fake-operator-
token`` may do all of it, ``fake-viewer-token`` may read, any other gets 401. PATCH takes merge
patches and strategic ones (415 otherwise) and ``dryRun=All``. A patch that names another
resourceVersion than the newest gets 409, a count that cannot be 422. Errors are Status objects. A
rollout takes three reads of the workload: not seen yet, half done, done; the last two make new
versions of it, as the controllers of a cluster do. The conditions of a route are of the generation
that its gateway saw, which likewise takes reads.

By hand: POST /_/kubernetes/scale {"workload": "deployments/shop/web", "replicas": 5} is somebody
else at work; POST /_/kubernetes/refuse {"message": "…"} lets the gateway refuse routes from now on;
GET /_/kubernetes/objects shows how everything stands.

Faults: hang, status, refuse with `code` as the status (401, 403, 404, 409, 422), lose (taken, and
its pods never get ready), crash (done, the answer is cut). `containing` waits for words of a
request, such as "PATCH" or "nodes/node-1".
"""

import copy
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, override

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import OF_REQUESTS, FaultKind
from evenfall.fakes.kubernetes_gateway import accept, route, service
from evenfall.fakes.vendor import ConnectionCut, Vendor

TOKEN: Final = "fake-operator-token"  # noqa: S105 - of the fake
VIEWER: Final = "fake-viewer-token"
READS: Final = 3
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
CONFLICT, UNSUPPORTED, INVALID = 409, 415, 422
_REASONS: Final = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}
_PATCHES: Final = ("application/merge-patch+json", "application/strategic-merge-patch+json")
_KINDS: Final = {"deployments": "Deployment", "statefulsets": "StatefulSet"}
_GROUPS: Final = {
    "nodes": "",
    "services": "",
    "httproutes": "gateway.networking.k8s.io",
}


class Held(Struct, kw_only=True):
    """An object as it is shown. `left` reads until it is rolled out; never while it is stuck."""

    shown: dict[str, Any]
    left: int = 0
    is_stuck: bool = False


class _Asked(Struct, frozen=True, kw_only=True):
    """What a request is about. `key` is such as "deployments/shop/web" or "nodes/node-1"."""

    verb: str
    resource: str
    namespace: str
    name: str
    is_scale: bool
    account: str
    key: str = field(default="")

    @property
    def called(self) -> str:
        """As the messages of Kubernetes name it."""
        group = self.group
        return f'{self.resource}{f".{group}" if group else ""} "{self.name}"'

    @property
    def group(self) -> str:
        return _GROUPS.get(self.resource, "apps")

    def forbidden(self) -> str:
        resource = f"{self.resource}/scale" if self.is_scale else self.resource
        scope = f'in the namespace "{self.namespace}"' if self.namespace else "at the cluster scope"
        return (
            f'{self.called} is forbidden: User "system:serviceaccount:ops:{self.account}" cannot '
            f'{self.verb} resource "{resource}" in API group "{self.group}" {scope}'
        )


class Kubernetes(Vendor):
    """One cluster. `objects` are by their key."""

    name = "kubernetes"
    faults_known = frozenset(OF_REQUESTS)

    def __init__(self) -> None:
        super().__init__()
        self._version = 1000
        self.objects: dict[str, Held] = {}
        self.refuses = ""
        self._begin()

    @override
    def clear(self) -> None:
        super().clear()
        self._begin()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        workload = "/apis/apps/v1/namespaces/{namespace}/{resource}/{name}"
        route = "/apis/gateway.networking.k8s.io/v1/namespaces/{namespace}/{resource}/{name}"
        service = "/api/v1/namespaces/{namespace}/{resource}/{name}"
        paths = (workload, f"{workload}/scale", "/api/v1/nodes/{name}", route, service)
        return [Route(path, self._serve, methods=["GET", "PATCH"]) for path in paths]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/objects", self._objects, methods=["GET"]),
            Route("/scale", self._scale_by_hand, methods=["POST"]),
            Route("/refuse", self._refuse_route, methods=["POST"]),
        ]

    async def _serve(self, request: Request) -> Response:
        asked = _asked(request)
        refused = await self._refused(request, asked)
        if refused is not None:
            return refused
        held = self.objects[asked.key]
        if asked.verb == "patch":
            return await self._patch(request, asked, held)
        if not asked.is_scale:
            self._advance(held)
        return JSONResponse(_scale(held.shown) if asked.is_scale else held.shown)

    async def _refused(self, request: Request, asked: _Asked) -> Response | None:
        """What a planned fault answers, or who may not, or that it is not there."""
        text = f"{request.method} {request.url.path}"
        fault = self.faults.next(OF_REQUESTS - {FaultKind.CRASH, FaultKind.LOSE}, text=text)
        if fault is not None and fault.kind is FaultKind.HANG:
            return await self.strike(fault)
        if fault is not None:
            status = fault.code if fault.kind is FaultKind.REFUSE else fault.status
            return _status(status, _words(status, asked), retry_after_s=fault.retry_after_s)
        for status, holds in (
            (UNAUTHORIZED, not asked.account),
            (FORBIDDEN, asked.account == "viewer" and asked.verb == "patch"),
            (NOT_FOUND, asked.key not in self.objects),
        ):
            if holds:
                return _status(status, _words(status, asked))
        return None

    async def _patch(self, request: Request, asked: _Asked, held: Held) -> Response:
        if request.headers.get("Content-Type", "") not in _PATCHES:
            said = "the body of the request was in an unknown format - accepted media types "
            return _status(UNSUPPORTED, f"{said}include: {', '.join(_PATCHES)}")
        try:
            patch = json.loads(await request.body())
        except ValueError:
            return _status(BAD_REQUEST, "error decoding patch")
        version = patch.get("metadata", {}).get("resourceVersion")
        if version not in {None, held.shown["metadata"]["resourceVersion"]}:
            return _status(CONFLICT, _words(CONFLICT, asked))
        after = _merged(held.shown, {"spec": patch.get("spec", {})})
        count = after["spec"].get("replicas", 0)
        if not isinstance(count, int) or count < 0:
            return _status(INVALID, _invalid(asked, count))
        return self._taken(request, asked, after, patch)

    def _taken(
        self, request: Request, asked: _Asked, after: dict[str, Any], patch: dict[str, Any]
    ) -> Response:
        held, is_dry = self.objects[asked.key], request.query_params.get("dryRun") == "All"
        what = f"{asked.key}/scale" if asked.is_scale else asked.key
        text = f"{request.method} {request.url.path}"
        if is_dry:
            return JSONResponse(_scale(after) if asked.is_scale else after)
        lost = self.faults.next({FaultKind.LOSE}, text=text) is not None
        self.keep(to=what, text=json.dumps(patch), body=patch, arrived=not lost)
        self._put(held, after, is_stuck=lost)
        if self.faults.next({FaultKind.CRASH}, text=text) is not None:
            raise ConnectionCut
        return JSONResponse(_scale(held.shown) if asked.is_scale else held.shown)

    def _put(self, held: Held, after: dict[str, Any], *, is_stuck: bool = False) -> None:
        """Store it; what changes nothing makes no new version."""
        if after == held.shown:
            return
        held.shown = after
        if "generation" in after["metadata"]:
            after["metadata"]["generation"] += 1
            held.left, held.is_stuck = READS, is_stuck
        self._renew(held)

    def _renew(self, held: Held) -> None:
        self._version += 1
        held.shown["metadata"]["resourceVersion"] = str(self._version)

    def _advance(self, held: Held) -> None:
        """What the controllers did since the last read."""
        if held.left == 0 or (held.is_stuck and held.left == 1):
            return
        held.left -= 1
        if held.left < READS - 1:
            if held.shown["kind"] == "HTTPRoute":
                accept(held.shown, self.refuses)
            else:
                _roll(held.shown, is_done=held.left == 0)
            self._renew(held)

    def _begin(self) -> None:
        self.refuses = ""
        self.objects = {
            "deployments/shop/web": self._workload("deployments", "web"),
            "statefulsets/shop/db": self._workload("statefulsets", "db"),
            "nodes/node-1": self._node("node-1"),
            "nodes/node-2": self._node("node-2"),
            "deployments/shop/web-green": self._workload("deployments", "web-green"),
            "deployments/shop/web-baseline": self._workload("deployments", "web-baseline"),
            "services/shop/web": Held(
                shown=service({**self._metadata("web"), "namespace": "shop"})
            ),
            "httproutes/shop/web": Held(
                shown=route({**self._metadata("web"), "namespace": "shop"})
            ),
        }

    def _workload(self, resource: str, name: str) -> Held:
        metadata = {**self._metadata(name), "namespace": "shop", "generation": 1}
        labels = {"app": name}
        pods = {"containers": [{"name": name, "image": f"registry.example.org/{name}:1"}]}
        counts = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
        shown = {
            "kind": _KINDS[resource],
            "apiVersion": "apps/v1",
            "metadata": metadata,
            "spec": {
                "replicas": 3,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pods},
            },
            "status": {"observedGeneration": 1, **dict.fromkeys(counts, 3)},
        }
        return Held(shown=shown)

    def _node(self, name: str) -> Held:
        ready = [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]
        return Held(
            shown={
                "kind": "Node",
                "apiVersion": "v1",
                "metadata": self._metadata(name),
                "spec": {"podCIDR": "10.244.0.0/24"},
                "status": {"conditions": ready},
            }
        )

    def _metadata(self, name: str) -> dict[str, Any]:
        self._version += 1
        return {
            "name": name,
            "uid": str(uuid.uuid4()),
            "resourceVersion": str(self._version),
            "creationTimestamp": "2026-01-05T09:00:00Z",
        }

    # what people see and do in the cluster itself

    async def _objects(self, _request: Request) -> Response:
        return JSONResponse({key: held.shown for key, held in self.objects.items()})

    async def _scale_by_hand(self, request: Request) -> Response:
        said = await request.json()
        held = self.objects[said["workload"]]
        self._put(held, _merged(held.shown, {"spec": {"replicas": said["replicas"]}}))
        return JSONResponse(_scale(held.shown))

    async def _refuse_route(self, request: Request) -> Response:
        self.refuses = str((await request.json())["message"])
        return JSONResponse({"refuses": self.refuses})


def _roll(shown: dict[str, Any], *, is_done: bool) -> None:
    wanted = shown["spec"]["replicas"]
    ready = wanted if is_done else wanted // 2
    counts = {"replicas": wanted, "updatedReplicas": wanted}
    counts |= {"readyReplicas": ready, "availableReplicas": ready}
    shown["status"].update(counts, observedGeneration=shown["metadata"]["generation"])


def _asked(request: Request) -> _Asked:
    path = request.path_params
    resource, namespace = path.get("resource", "nodes"), path.get("namespace", "")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = {TOKEN: "operator", VIEWER: "viewer"} if scheme == "Bearer" else {}
    return _Asked(
        verb=request.method.lower(),
        resource=resource,
        namespace=namespace,
        name=path["name"],
        is_scale=request.url.path.endswith(f"/{path['name']}/scale"),
        account=known.get(token, ""),
        key="/".join(part for part in (resource, namespace, path["name"]) if part),
    )


def _merged(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch (RFC 7386); but for containers a strategic one does the same here.

    False is left out of what is shown, as Kubernetes does with what is empty.
    """
    found = copy.deepcopy(dict(document))
    for name, value in patch.items():
        if value is None or value is False:
            found.pop(name, None)
        elif isinstance(value, Mapping):
            below = found.get(name)
            found[name] = _merged(below if isinstance(below, dict) else {}, value)
        elif isinstance(value, list) and name == "containers":
            found[name] = _merged_by_name(found.get(name, ()), value)
        else:
            found[name] = value
    return found


def _merged_by_name(
    known: Sequence[Mapping[str, Any]], patches: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A strategic patch merges the containers of a pod by their names."""
    found = {one["name"]: dict(one) for one in known}
    for patch in patches:
        found[patch["name"]] = {**found.get(patch["name"], {}), **patch}
    return list(found.values())


def _scale(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The scale subresource of a workload."""
    names = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = shown["spec"]["selector"]["matchLabels"]
    selector = ",".join(f"{name}={value}" for name, value in labels.items())
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: shown["metadata"][name] for name in names},
        "spec": {"replicas": shown["spec"]["replicas"]},
        "status": {"replicas": shown["status"]["replicas"], "selector": selector},
    }


def _words(status: int, asked: _Asked) -> str:
    said = {
        UNAUTHORIZED: "Unauthorized",
        FORBIDDEN: asked.forbidden(),
        NOT_FOUND: f"{asked.called} not found",
        CONFLICT: f"Operation cannot be fulfilled on {asked.called}: the object has been modified; "
        "please apply your changes to the latest version and try again",
        INVALID: f"{asked.called} is invalid",
    }
    return said.get(status, "the server is currently unable to handle the request")


def _invalid(asked: _Asked, count: object) -> str:
    called = f'Scale.autoscaling "{asked.name}"' if asked.is_scale else asked.called
    why = "must be greater than or equal to 0"
    return f"{called} is invalid: spec.replicas: Invalid value: {json.dumps(count)}: {why}"


def _status(status: int, message: str, *, retry_after_s: int | None = None) -> Response:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": _REASONS.get(status, "Unknown"),
        "code": status,
    }
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return JSONResponse(body, status_code=status, headers=headers)
