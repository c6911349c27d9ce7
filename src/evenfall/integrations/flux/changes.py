"""Events of Flux's notification-controller, by a provider of type `generic-hmac`.

The body is the event as JSON, signed in ``X-Signature`` ("sha256=<hexadecimal>"). See fluxcd.io,
"Providers" and "Events". What is reconciled (Kustomization, HelmRelease) was deployed; what is only
fetched (GitRepository and the like) was not.
"""

from collections.abc import Sequence
from typing import Final

from evenfall.changes.ports import (
    Deploy,
    DeployState,
    Knock,
    Reading,
    Report,
    Sent,
    Signing,
    Snippet,
    Unreadable,
    has_digest,
    sent,
)

_DEPLOYED: Final = {"Kustomization", "HelmRelease"}
_ARRIVED: Final = {
    *("ReconciliationSucceeded", "InstallSucceeded", "UpgradeSucceeded", "RollbackSucceeded"),
}
_BEGUN: Final = {"Progressing"}
_MANIFEST: Final = """\
apiVersion: v1
kind: Secret
metadata:
  name: evenfall
  namespace: flux-system
stringData:
  token: %(secret)s
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: evenfall
  namespace: flux-system
spec:
  type: generic-hmac
  address: %(address)s
  secretRef:
    name: evenfall
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: evenfall
  namespace: flux-system
spec:
  providerRef:
    name: evenfall
  eventSeverity: info
  eventMetadata:
    environment: production
  eventSources:
    - kind: Kustomization
      name: '*'
    - kind: HelmRelease
      name: '*'"""


class FluxChanges:
    kind = "flux"
    label = "Flux"
    hint = "Its notification-controller: Kustomizations and Helm releases that were applied."
    about = "name namespace/name"
    signing = Signing.ALWAYS

    def is_signed(self, knock: Knock, *, secret: str) -> bool:
        return has_digest(knock.headers.get("x-signature", ""), knock.body, secret)

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:  # noqa: ARG002 - of the port
        told = sent(knock.body)
        thing, reason = told.part("involvedObject"), told.text("reason", limit=100)
        kind, name = thing.text("kind", limit=100), thing.text("name", limit=200)
        if not (kind and name):
            raise Unreadable("There is no involvedObject with a kind and a name.")
        if kind not in _DEPLOYED:
            return Reading(ignored=f"A {kind} is fetched, not deployed.")
        state = _state(reason, told.text("severity"))
        if state is None:
            return Reading(ignored=f"{reason or 'No reason'} is no news.")
        return Reading(reports=(_report(told, thing, state),))

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:
        text = _MANIFEST % {"address": address, "secret": secret}
        return (Snippet(where="kubectl apply", text=text),)


def _state(reason: str, severity: str) -> DeployState | None:
    if severity == "error":
        return DeployState.FAILED
    if reason in _ARRIVED:
        return DeployState.FINISHED
    return DeployState.STARTED if reason in _BEGUN else None


def _report(told: Sent, thing: Sent, state: DeployState) -> Report:
    about = f"{thing.text('namespace', limit=100)}/{thing.text('name', limit=100)}"
    metadata = told.part("metadata")
    revision = _of(metadata, "revision")
    at = told.moment("timestamp")
    kind = thing.text("kind", limit=100)
    # the same chart with other values is another deploy: Helm's events carry their digest
    token = _of(metadata, "token")
    return Report(
        summary=f"{kind} {about} at {_shown(revision)}" if revision else f"{kind} {about}",
        about=about,
        environment=metadata.text("environment", "env", limit=100),
        external_id=f"{kind}/{about}@{revision}{token}" if revision else "",
        at=at,
        by=told.text("reportingController", limit=100),
        details={
            "reason": told.text("reason", limit=100),
            "message": told.text("message"),
            **metadata.tree(),
        },
        deploy=Deploy(
            state=state,
            finished_at=None if state is DeployState.STARTED else at,
            version=_of(metadata, "app-version") or revision,
            commit=_commit(revision),
        ),
    )


def _of(metadata: Sent, name: str) -> str:
    """A field of the metadata, whatever group stands before it."""
    found = (full for full in metadata.names() if full == name or full.endswith(f"/{name}"))
    return next((metadata.text(full, limit=200) for full in found), "")


def _shown(revision: str) -> str:
    branch, _, commit = revision.partition("@sha1:")
    return f"{branch}@{commit[:7]}" if commit else revision


def _commit(revision: str) -> str:
    return revision.partition("@sha1:")[2][:64]


CHANGES = FluxChanges()
