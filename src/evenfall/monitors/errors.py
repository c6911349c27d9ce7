"""What can go wrong with monitors. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class MonitorNotFound(NotFound):
    """There is no monitor {monitor_id}. Look at the list of monitors."""

    code = "monitors.monitor_not_found"


class KindUnknown(NotFound):
    """There is no kind of monitor {kind} here. Look at the kinds that there are."""

    code = "monitors.kind_unknown"


class MonitorUnclear(Invalid):
    """{reason}"""

    code = "monitors.monitor_unclear"


class EditedMeanwhile(Conflict):
    """Somebody changed this monitor since you opened it. Reload the page and change it again."""

    code = "monitors.edited_meanwhile"


class NotOfThisKind(Conflict):
    """{name} is no {wanted} monitor. Choose one that is."""

    code = "monitors.not_of_this_kind"


class KeyNotFound(NotFound):
    """Nobody has this key. Copy the address again from the page of the monitor."""

    code = "monitors.key_not_found"


class HeartbeatNotFound(NotFound):
    """No heartbeat of this integration is called “{called}”. Give a monitor this name there."""

    code = "monitors.heartbeat_not_found"


class NothingDeclared(Conflict):
    """Nothing was reported yet, so that there is nothing to accept. Report the live state first."""

    code = "monitors.nothing_reported"
