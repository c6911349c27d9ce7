"""What can go wrong with a step at HAProxy. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, DomainError, Invalid


class HaproxyUnclear(Invalid):
    """{reason}"""

    code = "haproxy.unclear"


class HaproxyAway(DomainError):
    """HAProxy at {address} cannot be reached: {reason}. Check the address and its stats socket."""

    code = "haproxy.away"
    status = 502


class HaproxySaysNo(Conflict):
    """HAProxy answered to “{command}”: {answer}."""

    code = "haproxy.says_no"


class ServerNotThere(Conflict):
    """The backend {backend} has no server {server}. It has: {known}."""

    code = "haproxy.server_not_there"


class LastHealthyServer(Conflict):
    """{server} stays: without it {left} of {backend} would be up, and at least {least} must be."""

    code = "haproxy.last_healthy_server"


class NoServerUp(Conflict):
    """No server of the {side} side is up ({servers}): it could answer nobody."""

    code = "haproxy.no_server_up"
