"""Objects that lead traffic: HTTPRoutes of the Gateway API, and Services. No I/O.

A rule of a route that names all sides has weights. One whose only backend is a side, and whose
matches all look at a header, is a header route: those are ours to add and to take away.
"""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from evenfall.integrations.kubernetes.errors import RouteHasNoSides
from evenfall.integrations.kubernetes.objects import MERGE, STRATEGIC, Document, at
from evenfall.rollouts.ports import BASELINE, Split

type Rule = dict[str, Any]


class Route(Struct, frozen=True, kw_only=True):
    """An HTTPRoute; its value is the JSON of its rules."""

    namespace: str
    name: str
    patch_type: str = MERGE

    @property
    def path(self) -> str:
        group = "/apis/gateway.networking.k8s.io/v1"
        return f"{group}/namespaces/{self.namespace}/httproutes/{self.name}"

    def words(self) -> str:
        return f"HTTPRoute {self.namespace}/{self.name}"

    def patch(self, value: str, document: Document) -> dict[str, Any]:
        """Lists are set as a whole, so it is on this version of the object and on no other."""
        return {"metadata": _version(document), "spec": {"rules": json.loads(value)}}


class Service(Struct, frozen=True, kw_only=True):
    """A Service; its value is what one label of its selector says."""

    namespace: str
    name: str
    label: str
    patch_type: str = MERGE

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/services/{self.name}"

    def words(self) -> str:
        return f"Service {self.namespace}/{self.name}"

    def value(self, document: Document) -> str:
        return str((at(document, "spec", "selector") or {}).get(self.label, ""))

    def patch(self, value: str, document: Document) -> dict[str, Any]:
        return {"metadata": _version(document), "spec": {"selector": {self.label: value}}}


class Image(Struct, frozen=True, kw_only=True):
    """The image of one container of a Deployment."""

    namespace: str
    name: str
    container: str
    patch_type: str = STRATEGIC

    @property
    def path(self) -> str:
        return f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{self.name}"

    def words(self) -> str:
        return f"deployment {self.namespace}/{self.name}"

    def value(self, document: Document) -> str:
        """The image as it stands; "" where there is no such container."""
        containers = at(document, "spec", "template", "spec", "containers") or ()
        found = (one.get("image", "") for one in containers if one.get("name") == self.container)
        return str(next(found, ""))

    def patch(self, value: str, document: Document) -> dict[str, Any]:
        containers = [{"name": self.container, "image": value}]
        return {
            "metadata": _version(document),
            "spec": {"template": {"spec": {"containers": containers}}},
        }


def _version(document: Document) -> dict[str, str]:
    return {"resourceVersion": str(at(document, "metadata", "resourceVersion") or "")}


class Backends(Struct, frozen=True, kw_only=True):
    """The names of the Services of the two sides, and of the baseline if there is one, by side."""

    names: Mapping[str, str]

    def side(self, name: str) -> str | None:
        return next((side for side, one in self.names.items() if one == name), None)


def wanted_rules(document: Document, split: Split, backends: Backends) -> list[Rule]:
    """The rules as the split wants them; raises RouteHasNoSides where no rule names all."""
    rules = [copy.deepcopy(dict(one)) for one in at(document, "spec", "rules") or ()]
    kept = [rule for rule in rules if not _is_header_route(rule, backends)]
    weighed = [rule for rule in kept if len(_sides(rule, backends)) == len(backends.names)]
    if not weighed:
        raise RouteHasNoSides(names=", ".join(backends.names.values()))
    for rule in weighed:
        for ref in rule["backendRefs"]:
            side = backends.side(ref.get("name", ""))
            if side is not None:
                ref["weight"] = split.share(side)
    return [*_header_routes(weighed[0], split, backends), *kept]


def _header_routes(pattern: Rule, split: Split, backends: Backends) -> list[Rule]:
    """A rule for each header, on the same paths as the weighed one, to the new side alone."""
    refs = [one for one in pattern["backendRefs"] if backends.side(one["name"]) == split.new]
    to = [{name: value for name, value in one.items() if name != "weight"} for one in refs[:1]]
    found = []
    for header, value in sorted(split.routes.items()):
        match = {"type": "Exact", "name": header, "value": value}
        paths = [{k: v for k, v in one.items() if k == "path"} for one in _matches(pattern)]
        matches = [{**path, "headers": [match]} for path in paths or [{}]]
        found.append({"matches": matches, "backendRefs": [{**one, "weight": 1} for one in to]})
    return found


def is_same(now: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these rules lead alike; what a server fills in by itself does not count."""
    return _plain(now) == _plain(wanted)


_FILLED_IN: Final = frozenset({"group", "kind"})


def _plain(rules: object) -> object:
    if isinstance(rules, Mapping):
        return {k: _plain(v) for k, v in rules.items() if k not in _FILLED_IN}
    if isinstance(rules, Sequence) and not isinstance(rules, str):
        return [_plain(one) for one in rules]
    return rules


def _is_header_route(rule: Rule, backends: Backends) -> bool:
    matches = _matches(rule)
    looks_at_headers = bool(matches) and all(one.get("headers") for one in matches)
    refs = rule.get("backendRefs", ())
    return looks_at_headers and len(refs) == 1 and bool(_sides(rule, backends) - {BASELINE})


def _sides(rule: Rule, backends: Backends) -> set[str]:
    refs = rule.get("backendRefs", ())
    return {side for ref in refs if (side := backends.side(ref.get("name", ""))) is not None}


def _matches(rule: Rule) -> list[dict[str, Any]]:
    return list(rule.get("matches") or ())


def problem(document: Document) -> str:
    """Why the gateways do not follow the route as it stands; "" where all of them do.

    A condition counts only for the generation that it was made for.
    """
    parents = at(document, "status", "parents") or ()
    if not parents:
        return "No gateway has taken the route."
    newest = at(document, "metadata", "generation") or 0
    for parent in parents:
        found = {one.get("type"): one for one in parent.get("conditions", ())}
        for kind in ("Accepted", "ResolvedRefs"):
            said = _flaw(kind, found.get(kind), newest)
            if said:
                return said
    return ""


def _flaw(kind: str, condition: Mapping[str, Any] | None, newest: int) -> str:
    if condition is None or condition.get("observedGeneration", 0) < newest:
        return f"The gateway has not seen the change yet ({kind})."
    if condition.get("status") != "True":
        said = f"{condition.get('reason', '')}: {condition.get('message', '')}"
        return f"The gateway does not take the route ({kind}): {said}"[:400]
    return ""
