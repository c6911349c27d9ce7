"""The deployer: another image for the Deployment of a side, and waiting until it is rolled out."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from evenfall.integrations.kubernetes import objects
from evenfall.integrations.kubernetes.api import Cluster
from evenfall.integrations.kubernetes.errors import (
    ClusterAway,
    ContainerNotThere,
    KubernetesUnclear,
)
from evenfall.integrations.kubernetes.gateway import Image
from evenfall.integrations.kubernetes.traffic import CLUSTER, check_cluster
from evenfall.rollouts.ports import BASELINE, Deployed, Deployment, Order, StepField

_IMAGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@{}-]{0,400}")
_PLACE: Final = "{version}"
_LATE: Final = "exceeded its progress deadline"


class ImageDeployer:
    """See `Deployer`. Asking twice for one image is asking once."""

    name = "kubernetes"
    label = "Kubernetes: the image of a Deployment"
    fields: Sequence[StepField] = (
        *CLUSTER,
        StepField(name="blue", label="Deployment of the blue side"),
        StepField(name="green", label="Deployment of the green side"),
        StepField(
            name=BASELINE,
            label="Deployment of the baseline",
            required=False,
            help="For fresh instances of the stable version beside a canary. Empty: none.",
        ),
        StepField(name="container", label="Container"),
        StepField(
            name="image",
            label="Image",
            help="With {version} in it, such as registry.example.org/shop/web:{version}",
        ),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        beside = (BASELINE,) if settings.get(BASELINE) else ()
        check_cluster(settings, ("blue", "green", *beside, "container"), prefix="deploy")
        if not _IMAGE.fullmatch(settings["image"]) or _PLACE not in settings["image"]:
            reason = "Give the name of an image with {version} in it."
            raise KubernetesUnclear(field="deploy_image", reason=reason)

    def begin(
        self, settings: Mapping[str, str], order: Order, *, time_limit_s: float
    ) -> Deployment:
        cluster, subject = Cluster(settings, time_limit_s=time_limit_s), _subject(settings, order)
        image = settings["image"].replace(_PLACE, order.version)
        change = cluster.change(subject, lambda now: None if subject.value(now) == image else image)
        if not subject.value(change.before):
            raise ContainerNotThere(container=subject.container, what=subject.words())
        if change.trouble:
            raise ClusterAway(host=settings["server"], reason=change.trouble)
        return Deployment(state=Deployed.RUNNING, words=f"{subject.words()} gets {image}.")

    def look(
        self,
        settings: Mapping[str, str],
        order: Order,
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> Deployment:
        cluster, subject = Cluster(settings, time_limit_s=time_limit_s), _subject(settings, order)
        now = cluster.get(subject, subject.path)
        if subject.value(now) != settings["image"].replace(_PLACE, order.version):
            return Deployment(state=Deployed.ASKED, words="It has another image.", memory=memory)
        stands = objects.rollout(now)
        if _LATE in stands.words:
            return Deployment(state=Deployed.FAILED, words=stands.words)
        state = Deployed.DONE if stands.is_done else Deployed.RUNNING
        return Deployment(state=state, words=stands.words, memory=memory)


def _subject(settings: Mapping[str, str], order: Order) -> Image:
    return Image(
        namespace=settings["namespace"],
        name=settings[order.side],
        container=settings["container"],
    )
