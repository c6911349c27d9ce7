"""Kubernetes: scale a workload, restart its rollout, cordon a node, over the REST API.

Rollouts lead traffic by an HTTPRoute or a Service, and deploy by the image of a Deployment.

A few GETs and PATCHes of documented objects need no client library: they go through the guarded
client, with the bearer token of a service account (a secret) and the authority of the cluster.
Each PATCH names the version that was read, so what an undo puts back is what truly stood before.
"""

from evenfall.integrations.kubernetes.deploy import ImageDeployer
from evenfall.integrations.kubernetes.kind import KubernetesStep
from evenfall.integrations.kubernetes.traffic import GatewayTraffic, ServiceTraffic
from evenfall.rollouts import ports as rollouts_ports
from evenfall.runbooks import ports

ports.register_step_kind(KubernetesStep())
rollouts_ports.register_traffic_port(GatewayTraffic())
rollouts_ports.register_traffic_port(ServiceTraffic())
rollouts_ports.register_deployer(ImageDeployer())
