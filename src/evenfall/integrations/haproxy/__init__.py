"""HAProxy: take servers of a backend out, let them in, weigh them, over its runtime API.

The address is host:port of a `stats socket` of level admin, guarded as all that goes out is, or the
path of one on this machine that EVENFALL_HAPROXY_SOCKETS names. The last healthy server of a
backend is never taken out. Rollouts lead traffic through it too: two sides of one backend.
"""

from evenfall.integrations.haproxy.kind import HaproxyStep
from evenfall.integrations.haproxy.traffic import HaproxyTraffic
from evenfall.rollouts import ports as rollouts_ports
from evenfall.runbooks import ports

ports.register_step_kind(HaproxyStep())
rollouts_ports.register_traffic_port(HaproxyTraffic())
