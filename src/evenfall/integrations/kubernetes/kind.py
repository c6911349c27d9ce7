"""The kind of step: what it asks for, does, tests and takes back."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from evenfall.integrations.kubernetes import api, objects
from evenfall.integrations.kubernetes.api import Change, Cluster
from evenfall.integrations.kubernetes.errors import KubernetesUnclear, RolloutPaused
from evenfall.integrations.kubernetes.objects import Action, Document, Subject
from evenfall.platform.clock import utc_now
from evenfall.runbooks.ports import FieldType, StepField, StepResult

MOST_REPLICAS: Final = 10_000
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_UNKNOWN: Final = "It is not known how it stood before: the run did not come to its end."


class KubernetesStep:
    """See `StepKind`. The clock is for a restart, which is the time of one in an annotation."""

    name = "kubernetes"
    label = "Kubernetes"
    fields: Sequence[StepField] = (
        StepField(
            name="server",
            label="API server",
            type=FieldType.URL,
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
        StepField(
            name="action",
            label="Do",
            type=FieldType.CHOICE,
            choices=(
                (Action.SCALE.value, "Scale a workload"),
                (Action.RESTART.value, "Restart a workload, pod by pod"),
                (Action.CORDON.value, "Cordon a node: no new pods"),
                (Action.UNCORDON.value, "Uncordon a node"),
            ),
        ),
        StepField(
            name="workload",
            label="Kind of the workload",
            type=FieldType.CHOICE,
            required=False,
            default="deployment",
            choices=(("deployment", "Deployment"), ("statefulset", "StatefulSet")),
        ),
        StepField(
            name="namespace",
            label="Namespace",
            required=False,
            help="Of the workload; empty for a node.",
        ),
        StepField(name="name", label="Name", help="Of the workload, or of the node."),
        StepField(
            name="replicas",
            label="Replicas",
            type=FieldType.NUMBER,
            required=False,
            help="For “Scale a workload” only; may be a parameter: {{count}}",
        ),
        StepField(
            name="most",
            label="At most so many replicas",
            type=FieldType.NUMBER,
            required=False,
            default="10",
            help="More are refused, whoever asks for them.",
        ),
    )
    conditions: Sequence[tuple[str, str]] = (
        ("rollout_finished", "The rollout is finished: all replicas updated and available"),
        ("node_unschedulable", "The node is cordoned"),
        ("node_schedulable", "The node takes new pods"),
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def check(self, settings: Mapping[str, str]) -> None:
        api.check_server(settings["server"])
        api.check_authority(settings.get("ca", ""))
        api.check_token(settings["token"])
        subject = _subject(settings)
        _check_name(subject)
        if subject.action is Action.SCALE:
            _check_replicas(settings)

    def target(self, settings: Mapping[str, str]) -> str:
        parts, subject = urlsplit(settings["server"]), _subject(settings)
        where = f"{parts.netloc}{parts.path.rstrip('/')}"
        return f"kubernetes:{where}/{subject.words().replace(' ', '/', 1)}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        """Sends the change with dryRun=All: so the rights and the checks there are real."""
        subject, cluster = _subject(settings), Cluster(settings, time_limit_s=time_limit_s)
        wanted = self._wanted(settings, subject)
        change = cluster.change(subject, _setting(subject, wanted), is_dry=True)
        now = subject.value(change.before)
        lines = [f"Now: {subject.words()}, {subject.stands(now)}."]
        if change.trouble:
            return StepResult(ok=False, log="\n".join([*lines, change.trouble]))
        would = f"Would set: {subject.stands(wanted)}. Kubernetes would take it (dryRun=All)."
        lines.append(would if change.sent else "Nothing would change.")
        return StepResult(ok=True, log="\n".join(lines))

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        subject, cluster = _subject(settings), Cluster(settings, time_limit_s=time_limit_s)
        wanted = self._wanted(settings, subject)
        change = cluster.change(subject, _setting(subject, wanted))
        memory = {"before": subject.value(change.before), "set": wanted}
        # a lost answer says nothing of what was done: with this memory an undo looks, and knows
        return StepResult(ok=not change.trouble, log=_told(subject, change, wanted), memory=memory)

    def test(
        self,
        condition: str,
        settings: Mapping[str, str],
        memory: Mapping[str, str],  # noqa: ARG002 - the port's signature
        *,
        time_limit_s: float,
    ) -> StepResult:
        subject = _subject(settings)
        if subject.is_node == (condition == "rollout_finished"):
            log = f"This cannot be asked of a {subject.words()}: choose another success test."
            return StepResult(ok=False, log=log)
        document = Cluster(settings, time_limit_s=time_limit_s).get(subject, subject.whole)
        if not subject.is_node:
            found = objects.rollout(document)
            return StepResult(ok=found.is_done, log=f"{subject.words()}: {found.words}")
        value = subject.value(document)
        is_so = (value == "true") == (condition == "node_unschedulable")
        return StepResult(ok=is_so, log=f"{subject.words()}: {subject.stands(value)}.")

    def undo(
        self, settings: Mapping[str, str], memory: Mapping[str, str], *, time_limit_s: float
    ) -> StepResult | None:
        """Put back what stood before, unless somebody set another thing since."""
        subject = _subject(settings)
        if subject.action is Action.RESTART:
            return None
        if not memory:
            return StepResult(ok=False, log=_UNKNOWN)
        before, ours = memory["before"], memory["set"]
        cluster = Cluster(settings, time_limit_s=time_limit_s)
        change = cluster.change(
            subject,
            lambda now: before if subject.value(now) == ours and ours != before else None,
        )
        value = subject.value(change.before)
        if change.sent:
            return StepResult(ok=not change.trouble, log=_told(subject, change, before))
        stands = f"{subject.words()}: {subject.stands(value)}."
        if value == before:
            return StepResult(ok=True, log=f"It stands as before already. {stands}")
        return StepResult(ok=False, log=f"Left alone, because somebody changed it since. {stands}")

    def _wanted(self, settings: Mapping[str, str], subject: Subject) -> str:
        if subject.action is Action.SCALE:
            return str(int(settings["replicas"]))
        if subject.action is Action.RESTART:
            return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return "true" if subject.action is Action.CORDON else "false"


def _setting(subject: Subject, wanted: str) -> Callable[[Document], str | None]:
    """What to set on what was read: nothing where it stands so already."""

    def decide(document: Document) -> str | None:
        if subject.action is Action.RESTART and objects.is_paused(document):
            raise RolloutPaused(what=subject.words())
        return None if subject.value(document) == wanted else wanted

    return decide


def _told(subject: Subject, change: Change, wanted: str) -> str:
    before = f"Before: {subject.words()}, {subject.stands(subject.value(change.before))}."
    if change.trouble:
        return f"{before}\nNobody knows whether it was changed. {change.trouble}"
    return f"{before}\n" + (f"Set: {subject.stands(wanted)}." if change.sent else "It stays so.")


def _subject(settings: Mapping[str, str]) -> Subject:
    return Subject(
        action=Action(settings["action"]),
        name=settings["name"],
        workload=settings.get("workload") or "deployment",
        namespace=settings.get("namespace", ""),
    )


def _check_name(subject: Subject) -> None:
    if not subject.is_node and not _LABEL.fullmatch(subject.namespace):
        reason = "A workload is in a namespace: small letters, digits and dashes."
        raise KubernetesUnclear(field="namespace", reason=reason)
    if not _NAME.fullmatch(subject.name):
        reason = "A name has small letters, digits, dashes and dots only."
        raise KubernetesUnclear(field="name", reason=reason)


def _check_replicas(settings: Mapping[str, str]) -> None:
    replicas, most = settings.get("replicas", ""), settings.get("most") or "10"
    if len(most) > len(str(MOST_REPLICAS)) or int(most) > MOST_REPLICAS:
        raise KubernetesUnclear(field="most", reason=f"At most {MOST_REPLICAS}.")
    if not replicas:
        raise KubernetesUnclear(field="replicas", reason="Say how many replicas there shall be.")
    if len(replicas) > len(str(MOST_REPLICAS)) or int(replicas) > int(most):
        raise KubernetesUnclear(field="replicas", reason=f"This step sets at most {most}.")
