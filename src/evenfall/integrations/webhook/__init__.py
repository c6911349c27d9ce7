"""Web hooks: a signed POST to an address of the person's own.

Body (JSON, UTF-8)
    type         "notice", or "verification" (then `challenge` must be returned)
    id           the same for every try of one notice: drop what you have seen
    attempt      1, 2, …
    purpose      "page", "test", "shift" …
    urgency      "high" or "low"
    subject      what it is about, such as "page:5"
    title, lines, severity, url, tag
    respond_url  takes a form POST with ``action=<name>``; "" when no answer is expected
    actions      [{"name": "acknowledge", "label": "Acknowledge", "url": …}]
    challenge    only in a verification: answer 200 with {"challenge": "<the same>"}

Headers: the scheme of Standard Webhooks, for which there are libraries in most languages.
    webhook-id         as `id`
    webhook-timestamp  Unix seconds; refuse what is older than five minutes
    webhook-signature  "v1," + base64(HMAC-SHA256(secret, "{id}.{timestamp}.{body}")), where the
                       secret is the base64 after "whsec_"

Answers: 2xx is success. 410 switches the web hook off. 408, 425, 429 and 5xx are tried again
(Retry-After is honoured), other codes are final. Redirects are not followed.
"""

from evenfall.integrations.webhook.channel import WebhookChannel
from evenfall.integrations.webhook.rollouts import HookDeployer, HookTraffic
from evenfall.integrations.webhook.step import WebhookStep
from evenfall.notifications import ports
from evenfall.rollouts import ports as rollouts_ports
from evenfall.runbooks import ports as runbooks_ports

ports.register_channel(WebhookChannel())
runbooks_ports.register_step_kind(WebhookStep())
rollouts_ports.register_traffic_port(HookTraffic())
rollouts_ports.register_deployer(HookDeployer())
