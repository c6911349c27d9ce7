"""What can go wrong with a step at Kubernetes. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class KubernetesUnclear(Invalid):
    """{reason}"""

    code = "kubernetes.unclear"


class ClusterAway(DomainError):
    """Kubernetes at {host} gave no answer to use: {reason}."""

    code = "kubernetes.away"
    status = 502


class TokenUnknown(DomainError):
    """{host} does not take the token (401): it is wrong, ended, or its account is gone. Make a new
    one and save the step with it.
    """

    code = "kubernetes.token_unknown"
    status = 401


class RoleMissing(Forbidden):
    """The service account may not do this (403): {said}. Give it the role of the how-to."""

    code = "kubernetes.role_missing"


class ObjectNotThere(NotFound):
    """There is no {what} (404): {said}. Look at its name, its namespace and the address."""

    code = "kubernetes.not_there"


class ObjectChanging(Conflict):
    """{what} was changed by others at each of {times} tries (409). Nothing was done: try again."""

    code = "kubernetes.changing"


class RolloutPaused(Conflict):
    """The rollout of {what} is paused: nothing would restart. Resume it first."""

    code = "kubernetes.paused"


class ChangeRefused(DomainError):
    """Kubernetes refuses this ({status}): {said}."""

    code = "kubernetes.refused"
    status = 422


class RouteHasNoSides(Conflict):
    """No rule of the route leads to both Services ({names}). Give one rule both as backends."""

    code = "kubernetes.route_without_sides"


class ContainerNotThere(Conflict):
    """The {what} has no container {container}. Look at its name."""

    code = "kubernetes.container_not_there"
