"""The work that waits in rows: signals to read, alerts and silences whose time is over."""

from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.drains.fetch import fetch_due
from evenfall.alerting.drains.inhibit import follow_causes
from evenfall.alerting.drains.receive import receive_waiting
from evenfall.alerting.drains.repair import advance_repairs
from evenfall.alerting.drains.windows import plan_windows
from evenfall.platform.wakeups import Drain

DRAINS: tuple[Drain, ...] = (
    Drain(name="alerting.pipeline", lane="intake", run=receive_waiting),
    Drain(name="alerting.inhibitions", lane="intake", run=follow_causes),
    Drain(name="alerting.expire", lane="intake", run=end_what_is_over),
    Drain(name="alerting.fetches", lane="slow", run=fetch_due),
    Drain(name="alerting.windows", lane="slow", run=plan_windows),
    Drain(name="alerting.repairs", lane="paging", run=advance_repairs),
)
