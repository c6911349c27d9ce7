"""HTTP requests as steps of runbooks: any method, headers, a JSON body, and a request that undoes.

Everything goes through the guarded client: private addresses are refused unless a setting allows
them, redirects are not followed. The Authorization header is a secret.
"""

from evenfall.integrations.http.kind import HttpStep
from evenfall.runbooks import ports

ports.register_step_kind(HttpStep())
