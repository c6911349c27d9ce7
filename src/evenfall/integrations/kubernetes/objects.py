"""The objects that a step acts on: where they are, what of them it sets, how they stand. No I/O."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

type Document = Mapping[str, Any]

# the one that `kubectl rollout restart` sets
RESTARTED_AT: Final = "kubectl.kubernetes.io/restartedAt"
MERGE: Final = "application/merge-patch+json"
STRATEGIC: Final = "application/strategic-merge-patch+json"
_PLURAL: Final = {"deployment": "deployments", "statefulset": "statefulsets"}


class Action(StrEnum):
    """What a step does."""

    SCALE = "scale"
    RESTART = "restart"
    CORDON = "cordon"
    UNCORDON = "uncordon"


_OF_NODES: Final = frozenset({Action.CORDON, Action.UNCORDON})


class Subject(Struct, frozen=True, kw_only=True):
    """What is acted on. `workload` and `namespace` say nothing where it is a node."""

    action: Action
    name: str
    workload: str
    namespace: str

    @property
    def is_node(self) -> bool:
        return self.action in _OF_NODES

    @property
    def whole(self) -> str:
        """The path of the object itself."""
        if self.is_node:
            return f"/api/v1/nodes/{self.name}"
        plural = _PLURAL[self.workload]
        return f"/apis/apps/v1/namespaces/{self.namespace}/{plural}/{self.name}"

    @property
    def path(self) -> str:
        """The path of what is read and changed."""
        return f"{self.whole}/scale" if self.action is Action.SCALE else self.whole

    @property
    def patch_type(self) -> str:
        return MERGE if self.action is Action.SCALE else STRATEGIC

    def words(self) -> str:
        if self.is_node:
            return f"node {self.name}"
        return f"{self.workload} {self.namespace}/{self.name}"

    def value(self, document: Document) -> str:
        """What the step sets, as it stands: a count, "true" or "false", or the last restart."""
        if self.action is Action.SCALE:
            return str(at(document, "spec", "replicas") or 0)
        if self.is_node:
            return "true" if at(document, "spec", "unschedulable") else "false"
        found = at(document, "spec", "template", "metadata", "annotations", RESTARTED_AT)
        return str(found or "")

    def patch(self, value: str, document: Document) -> dict[str, Any]:
        """The patch that sets it, on this version of the object and on no other."""
        version = {"resourceVersion": str(at(document, "metadata", "resourceVersion") or "")}
        return {"metadata": version, "spec": self._spec(value)}

    def _spec(self, value: str) -> dict[str, Any]:
        if self.action is Action.SCALE:
            return {"replicas": int(value)}
        if self.is_node:
            return {"unschedulable": value == "true"}
        return {"template": {"metadata": {"annotations": {RESTARTED_AT: value}}}}

    def stands(self, value: str) -> str:
        """A value in words."""
        if self.action is Action.SCALE:
            return f"{value} wanted"
        if self.is_node:
            return "cordoned" if value == "true" else "takes new pods"
        return f"restarted at {value}" if value else "never restarted this way"


class Rollout(Struct, frozen=True):
    """Whether everything that is wanted runs in its newest version, and how one sees that."""

    is_done: bool
    words: str


def at(document: object, *names: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value below these names; None where there is none."""
    for name in names:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def is_paused(document: Document) -> bool:
    return at(document, "spec", "paused") is True


def rollout(document: Document) -> Rollout:
    """How the rollout of a Deployment or StatefulSet stands, as `kubectl rollout status` reads it.

    Other than there, pods that are still to go after scaling down count too.
    """
    if _number(document, "status", "observedGeneration") < _number(
        document, "metadata", "generation"
    ):
        return Rollout(is_done=False, words="Kubernetes has not seen the change yet.")
    late = next(filter(_is_late, at(document, "status", "conditions") or ()), None)
    if late is not None:
        return Rollout(is_done=False, words="The rollout exceeded its progress deadline.")
    wanted, there = _wanted(document), _number(document, "status", "replicas")
    updated = _number(document, "status", "updatedReplicas")
    available = _number(document, "status", "availableReplicas")
    words = f"{updated} of {wanted} updated, {available} available, {max(there - wanted, 0)} to go."
    is_done = updated >= _to_update(document, wanted) and available >= wanted and there <= wanted
    return Rollout(is_done=is_done, words=words)


def _to_update(document: Document, wanted: int) -> int:
    """A StatefulSet with a partition leaves the pods below it as they are."""
    kept = _number(document, "spec", "updateStrategy", "rollingUpdate", "partition")
    return max(wanted - kept, 0)


def _wanted(document: Document) -> int:
    found = at(document, "spec", "replicas")
    return found if isinstance(found, int) else 1  # the default of Kubernetes


def _is_late(condition: object) -> bool:
    found = (at(condition, "type"), at(condition, "reason"))
    return found == ("Progressing", "ProgressDeadlineExceeded")


def _number(document: Document, *names: str) -> int:
    found = at(document, *names)
    return found if isinstance(found, int) else 0
