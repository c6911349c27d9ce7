"""Kubernetes: scale a workload, restart its rollout, cordon a node, over the REST API.

A few GETs and PATCHes of documented objects need no client library: they go through the guarded
client, with the bearer token of a service account (a secret) and the authority of the cluster.
Each PATCH names the version that was read, so what an undo puts back is what truly stood before.
"""

from evenfall.integrations.kubernetes.kind import KubernetesStep
from evenfall.runbooks import ports

ports.register_step_kind(KubernetesStep())
