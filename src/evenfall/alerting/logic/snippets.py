"""What to copy into each tool so that it sends to us."""

from collections.abc import Mapping

from evenfall.alerting.logic.snippet_words import Kind, Snippet
from evenfall.alerting.logic.tool_snippets import TOOLS

MAIL = "email"
_EVENT = (
    "curl -X POST {url}/in/{key} \\\n"
    "  -H 'Content-Type: application/json' \\\n"
    '  -d \'{{"summary": "Hello from the shell", "severity": "critical", '
    '"dedup_key": "hello"}}\''
)
_TRY = Snippet("Or send one alert by hand, from any shell", _EVENT)

KINDS: Mapping[str, Kind] = {
    "prometheus": Kind(
        "Prometheus",
        "Prometheus sends its alerts straight to us, beside or instead of Alertmanager.",
        (
            Snippet(
                "prometheus.yml",
                "alerting:\n"
                "  alertmanagers:\n"
                "    - scheme: {scheme}\n"
                "      path_prefix: {path}/{key}\n"
                "      static_configs:\n"
                "        - targets: ['{host}']",
            ),
        ),
    ),
    "alertmanager": Kind(
        "Alertmanager",
        "Alertmanager keeps grouping and forwards to us as one more receiver.",
        (
            Snippet(
                "alertmanager.yml",
                "receivers:\n"
                "  - name: evenfall\n"
                "    webhook_configs:\n"
                "      - url: {url}/in/{key}/alertmanager\n"
                "        send_resolved: true\n"
                "route:\n"
                "  receiver: evenfall",
            ),
        ),
    ),
    "grafana": Kind(
        "Grafana",
        "A contact point of the type Webhook.",
        (Snippet("Alerting, Contact points, New, type Webhook, URL", "{url}/in/{key}/grafana"),),
    ),
    "pagerduty": Kind(
        "PagerDuty-compatible",
        "Any tool that can send PagerDuty events: change the host, keep the rest.",
        (
            Snippet(
                "Events API v2: the address, and the key as routing_key",
                "curl -X POST {url}/v2/enqueue \\\n"
                "  -H 'Content-Type: application/json' \\\n"
                '  -d \'{{"routing_key": "{key}", "event_action": "trigger", '
                '"dedup_key": "hello", "payload": {{"summary": "Hello", "source": "shell", '
                '"severity": "critical"}}}}\'',
            ),
            Snippet(
                "Events API v1: the address, and the key as service_key",
                "{url}/generic/2010-04-15/create_event.json",
            ),
        ),
    ),
    **TOOLS,
    "json": Kind(
        "Plain JSON",
        "Anything that can send JSON, with a mapping if its fields have other names.",
        (
            Snippet("Something is wrong", _EVENT),
            Snippet(
                "It is over",
                "curl -X POST {url}/in/{key} \\\n"
                "  -H 'Content-Type: application/json' \\\n"
                '  -d \'{{"action": "resolve", "dedup_key": "hello"}}\'',
            ),
        ),
    ),
    MAIL: Kind(
        "E-mail",
        "For tools that can only send mail: each mail to this address is an alert. A subject that "
        "begins with RESOLVED, RECOVERED, RECOVERY, CLEARED, UP or OK ends it.",
        (
            Snippet("Send mails to", "{address}"),
            Snippet(
                "One alert for each disk: what follows the plus sign names the alert",
                "{named}",
            ),
            Snippet(
                "Try it from a shell that can send mail",
                "echo 'Just a test' | mail -s 'CRITICAL: hello from the shell' {address}",
            ),
            Snippet(
                "And say that it is over",
                "echo 'Just a test' | mail -s 'RESOLVED: hello from the shell' {address}",
            ),
        ),
    ),
}


def snippets_for(kind: str, *, public_url: str, key: str, address: str = "") -> tuple[Snippet, ...]:
    """Return what to copy; for tools the last is a try from the shell, plain JSON begins with it.

    `public_url` is where senders reach us, e.g. ``https://evenfall.example.org``; `address` is
    the one for mail, where there is one.
    """
    url = public_url.rstrip("/")
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    plain = KINDS["json"]
    known = KINDS.get(kind, plain)
    local, at, domain = address.partition("@")
    values = {
        "url": url,
        "scheme": scheme,
        "host": host,
        "path": slash + path,
        "key": key,
        "address": address,
        "named": f"{local}+disk-of-db1{at}{domain}",
    }
    more = () if known is plain or kind == MAIL else (_TRY,)
    return tuple(
        Snippet(snippet.where, snippet.text.format(**values))
        for snippet in (*known.snippets, *more)
    )
