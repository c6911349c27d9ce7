"""The traffic ports: weights and headers of an HTTPRoute, or the selector of a Service."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from evenfall.integrations.kubernetes import api
from evenfall.integrations.kubernetes.api import Cluster
from evenfall.integrations.kubernetes.errors import ClusterAway, KubernetesUnclear
from evenfall.integrations.kubernetes.gateway import (
    Backends,
    Route,
    Service,
    is_same,
    problem,
    wanted_rules,
)
from evenfall.integrations.kubernetes.objects import Document, at
from evenfall.rollouts.ports import BASELINE, Capabilities, FieldType, Seen, Split, StepField

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9./_-]{0,250}[A-Za-z0-9])?")
CLUSTER: Final = (
    StepField(
        name="server",
        label="API server",
        help="Such as https://10.0.0.10:6443; kubectl cluster-info tells it.",
    ),
    StepField(
        name="ca",
        label="Certificate of the cluster's authority",
        type=FieldType.LINES,
        required=False,
        help="In PEM. Empty where a public authority signed the server's certificate.",
    ),
    StepField(
        name="token",
        label="Token of a service account",
        type=FieldType.SECRET,
        help="Without the word Bearer. Stored encrypted, never shown again.",
    ),
    StepField(name="namespace", label="Namespace"),
)


def check_cluster(
    settings: Mapping[str, str], names: Sequence[str], *, prefix: str = "traffic"
) -> None:
    """Raise KubernetesUnclear where these settings cannot work; `names` are those of objects."""
    api.check_server(settings["server"])
    api.check_authority(settings["ca"])
    api.check_token(settings["token"])
    for name in ("namespace", *names):
        if not _NAME.fullmatch(settings[name]):
            reason = "A name in Kubernetes has small letters, digits, dots and dashes."
            raise KubernetesUnclear(field=f"{prefix}_{name}", reason=reason)


class GatewayTraffic:
    """See `TrafficPort`. What counts is that each gateway says it has accepted the route."""

    name = "kubernetes"
    label = "Kubernetes Gateway API"
    capabilities = Capabilities(headers=True, baseline=True, needs={"baseline": BASELINE})
    fields: Sequence[StepField] = (
        *CLUSTER,
        StepField(name="route", label="HTTPRoute"),
        StepField(name="blue", label="Service of the blue side"),
        StepField(name="green", label="Service of the green side"),
        StepField(
            name=BASELINE,
            label="Service of the baseline",
            required=False,
            help="For fresh instances of the stable version beside a canary. Empty: none.",
        ),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        names = _backends(settings).names
        check_cluster(settings, ("route", *names))
        for side, before in (("green", ("blue",)), (BASELINE, ("blue", "green"))):
            if names.get(side) in {names[one] for one in before}:
                reason = "Each side has a Service of its own."
                raise KubernetesUnclear(field=f"traffic_{side}", reason=reason)

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        cluster = Cluster(settings, time_limit_s=time_limit_s)
        change = cluster.change(_route(settings), lambda now: _rules(now, settings, split))
        if change.trouble:
            raise ClusterAway(host=settings["server"], reason=change.trouble)
        return _seen(cluster, settings, split)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        return _seen(Cluster(settings, time_limit_s=time_limit_s), settings, split)


class ServiceTraffic:
    """See `TrafficPort`. All requests go to one side: a Service knows no weights."""

    name = "kubernetes_service"
    label = "Kubernetes Service"
    capabilities = Capabilities(weights=False)
    fields: Sequence[StepField] = (
        *CLUSTER,
        StepField(name="service", label="Service"),
        StepField(name="label", label="Label in its selector", help="Such as version or slot."),
        StepField(name="blue", label="Value for the blue side"),
        StepField(name="green", label="Value for the green side"),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        check_cluster(settings, ("service",))
        for name in ("label", "blue", "green"):
            if not _LABEL.fullmatch(settings[name]):
                raise KubernetesUnclear(field=f"traffic_{name}", reason="This is no label.")

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        cluster, subject = Cluster(settings, time_limit_s=time_limit_s), _service(settings)
        side = _value(settings, split)
        change = cluster.change(subject, lambda now: None if subject.value(now) == side else side)
        if change.trouble:
            raise ClusterAway(host=settings["server"], reason=change.trouble)
        return self._seen(cluster, settings, split)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        return self._seen(Cluster(settings, time_limit_s=time_limit_s), settings, split)

    def _seen(self, cluster: Cluster, settings: Mapping[str, str], split: Split) -> Seen:
        subject = _service(settings)
        found = subject.value(cluster.get(subject, subject.path))
        fits = found == _value(settings, split)
        return Seen(fits=fits, words=f"{subject.words()} selects {subject.label}={found}.")


def _route(settings: Mapping[str, str]) -> Route:
    return Route(namespace=settings["namespace"], name=settings["route"])


def _service(settings: Mapping[str, str]) -> Service:
    return Service(
        namespace=settings["namespace"], name=settings["service"], label=settings["label"]
    )


def _value(settings: Mapping[str, str], split: Split) -> str:
    return settings[split.new if split.weight else split.stable]


def _backends(settings: Mapping[str, str]) -> Backends:
    beside = (BASELINE,) if settings.get(BASELINE) else ()
    return Backends(names={side: settings[side] for side in ("blue", "green", *beside)})


def _rules(now: Document, settings: Mapping[str, str], split: Split) -> str | None:
    wanted = wanted_rules(now, split, _backends(settings))
    return None if is_same(at(now, "spec", "rules") or (), wanted) else json.dumps(wanted)


def _seen(cluster: Cluster, settings: Mapping[str, str], split: Split) -> Seen:
    route = _route(settings)
    now = cluster.get(route, route.path)
    said = problem(now)
    is_as_wanted = _rules(now, settings, split) is None
    words = said or f"{route.words()} is accepted, {split.weight} % to {settings[split.new]}."
    return Seen(fits=is_as_wanted and not said, words=words)
