"""Argo CD's notifications through its webhook service, with the template that we give out.

Argo CD has no payload of its own: the body is what the template says, so the fields read here are
those of the template below. It signs nothing; the key in the address is the proof.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from evenfall.changes.ports import (
    Deploy,
    DeployState,
    Knock,
    Reading,
    Report,
    Signing,
    Snippet,
    Unreadable,
    sent,
)

_PHASES: Final[Mapping[str, DeployState]] = {
    "Running": DeployState.STARTED,
    "Succeeded": DeployState.FINISHED,
    "Failed": DeployState.FAILED,
    "Error": DeployState.FAILED,
}
_TEMPLATE: Final = """\
service.webhook.evenfall: |
  url: %(address)s
  headers:
    - name: Content-Type
      value: application/json
template.evenfall-sync: |
  webhook:
    evenfall:
      method: POST
      body: |
        {
          "app": {{ .app.metadata.name | toJson }},
          "project": {{ .app.spec.project | toJson }},
          "namespace": {{ .app.spec.destination.namespace | toJson }},
          "phase": {{ .app.status.operationState.phase | toJson }},
          "revision": {{ .app.status.operationState.syncResult.revision | toJson }},
          "started_at": {{ .app.status.operationState.startedAt | toJson }},
          "finished_at": {{ .app.status.operationState.finishedAt | toJson }},
          "message": {{ .app.status.operationState.message | toJson }},
          "health": {{ .app.status.health.status | toJson }},
          "repository": {{ .app.spec.source.repoURL | toJson }},
          "environment": {{ index .app.metadata.labels "environment" | toJson }},
          "url": "{{ .context.argocdUrl }}/applications/{{ .app.metadata.name }}"
        }
trigger.evenfall-sync: |
  - when: app.status.operationState.phase in ['Running', 'Succeeded', 'Failed', 'Error']
    oncePer: app.status.operationState.startedAt + app.status.operationState.phase
    send: [evenfall-sync]"""
_SUBSCRIPTION: Final = """\
metadata:
  annotations:
    notifications.argoproj.io/subscribe.evenfall-sync.evenfall: \"\""""


class ArgoChanges:
    kind = "argocd"
    label = "Argo CD"
    hint = "Its notifications, with the template below: when an application is synchronised."
    about = "name of the application"
    signing = Signing.NEVER

    def is_signed(self, knock: Knock, *, secret: str) -> bool:  # noqa: ARG002 - of the port
        return False  # Argo CD signs nothing, so a source of it has no secret

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:  # noqa: ARG002 - of the port
        told = sent(knock.body)
        app, phase = told.text("app", limit=200), told.text("phase", limit=40)
        if not app:
            raise Unreadable("There is no app. Take the template of this source.")
        state = _PHASES.get(phase)
        started = told.moment("started_at")
        if state is None or started is None:
            return Reading(ignored=f"A phase {phase or 'that nobody told'} is no news.")
        revision = told.text("revision", limit=200)
        is_over = state is not DeployState.STARTED
        report = Report(
            summary=f"Sync of {app} to {revision[:12]}" if revision else f"Sync of {app}",
            about=app,
            environment=told.text("environment", limit=100),
            external_id=f"{app}@{started.isoformat()}",
            at=started,
            links=[{"href": told.text("url"), "text": app}],
            details={
                name: text
                for name in ("project", "namespace", "message", "health", "repository")
                if (text := told.text(name))
            },
            deploy=Deploy(
                state=state,
                finished_at=told.moment("finished_at") if is_over else None,
                version=revision,
                commit=revision if _is_commit(revision) else "",
                pipeline_url=told.text("url"),
            ),
        )
        return Reading(reports=(report,))

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:  # noqa: ARG002 - of the port
        return (
            Snippet(
                where="ConfigMap argocd-notifications-cm, below data",
                text=_TEMPLATE % {"address": address},
            ),
            Snippet(where="Each application, or the project", text=_SUBSCRIPTION),
        )


def _is_commit(revision: str) -> bool:
    return len(revision) == 40 and all(char in "0123456789abcdef" for char in revision)  # noqa: PLR2004 - a SHA-1


CHANGES = ArgoChanges()
