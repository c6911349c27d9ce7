"""The objects of the fake cluster that lead traffic, and what a gateway says of a route."""

from typing import Any


def service(metadata: dict[str, Any]) -> dict[str, Any]:
    """A Service that selects the slot blue."""
    spec = {"selector": {"app": "web", "slot": "blue"}, "ports": [{"port": 80}]}
    return {"kind": "Service", "apiVersion": "v1", "metadata": metadata, "spec": spec}


def route(metadata: dict[str, Any]) -> dict[str, Any]:
    """An HTTPRoute that leads everything to web-blue and nothing to web-green, and is accepted."""
    refs = [
        {"group": "", "kind": "Service", "name": name, "port": 80, "weight": weight}
        for name, weight in (("web-blue", 100), ("web-green", 0))
    ]
    rule = {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": refs}
    shown = {
        "kind": "HTTPRoute",
        "apiVersion": "gateway.networking.k8s.io/v1",
        "metadata": {**metadata, "generation": 1},
        "spec": {"parentRefs": [{"name": "front"}], "rules": [rule]},
        "status": {},
    }
    accept(shown, "")
    return shown


def accept(shown: dict[str, Any], refused: str) -> None:
    """What the controller of a gateway says of a route, for the generation that it saw."""
    said = {
        "Accepted": ("True", "Accepted", "Route is accepted"),
        "ResolvedRefs": ("True", "ResolvedRefs", "Resolved all the Object references"),
    }
    if refused:
        said["ResolvedRefs"] = ("False", "BackendNotFound", refused)
    conditions = [
        {
            "type": kind,
            "status": status,
            "reason": reason,
            "message": message,
            "observedGeneration": shown["metadata"]["generation"],
            "lastTransitionTime": "2026-01-05T09:00:00Z",
        }
        for kind, (status, reason, message) in said.items()
    ]
    parent = {
        "parentRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "front"},
        "controllerName": "gateway.example.org/controller",
        "conditions": conditions,
    }
    shown["status"] = {"parents": [parent]}
