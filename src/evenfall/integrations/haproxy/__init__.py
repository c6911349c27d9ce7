"""HAProxy: take servers of a backend out, let them in, weigh them, over its runtime API.

The address is host:port of a `stats socket` of level admin, guarded as all that goes out is, or the
path of one on this machine that EVENFALL_HAPROXY_SOCKETS names. The last healthy server of a
backend is never taken out.
"""

from evenfall.integrations.haproxy.kind import HaproxyStep
from evenfall.runbooks import ports

ports.register_step_kind(HaproxyStep())
