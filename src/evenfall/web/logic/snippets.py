"""What to paste into which tool so that its alerts arrive here."""

from dataclasses import dataclass
from textwrap import dedent
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Snippet:
    tool: str
    hint: str
    code: str


def snippets(*, public_url: str, key: str) -> tuple[Snippet, ...]:
    """Ready to copy; public_url without a slash at its end, key in the clear."""
    return (
        _curl(public_url, key),
        _prometheus(public_url, key),
        _alertmanager(public_url, key),
        _grafana(public_url, key),
        _pagerduty(public_url, key),
    )


def _code(text: str, **values: str) -> str:
    """Fill in the values; the text's own braces stay, because JSON is full of them."""
    filled = dedent(text).strip()
    for name, value in values.items():
        filled = filled.replace(f"<{name}>", value)
    return filled


def _curl(url: str, key: str) -> Snippet:
    code = _code(
        """
        curl <url>/v2/enqueue -H 'Content-Type: application/json' -d '{
          "routing_key": "<key>",
          "event_action": "trigger",
          "payload": {
            "summary": "A first alert, sent by hand",
            "severity": "critical",
            "source": "my terminal"
          }
        }'
        """,
        url=url,
        key=key,
    )
    return Snippet("curl", "Paste it into a terminal: an alert opens and you are paged.", code)


def _prometheus(url: str, key: str) -> Snippet:
    parts = urlsplit(url)
    code = _code(
        """
        alerting:
          alertmanagers:
            - scheme: <scheme>
              path_prefix: /<key>
              static_configs:
                - targets: ["<host>"]
        """,
        scheme=parts.scheme,
        host=parts.netloc,
        key=key,
    )
    return Snippet("Prometheus", "In prometheus.yml; no Alertmanager is needed between.", code)


def _alertmanager(url: str, key: str) -> Snippet:
    code = _code(
        """
        receivers:
          - name: evenfall
            webhook_configs:
              - url: <url>/in/<key>/alertmanager
                send_resolved: true
        """,
        url=url,
        key=key,
    )
    hint = "In alertmanager.yml; then name the receiver evenfall in your route."
    return Snippet("Alertmanager", hint, code)


def _grafana(url: str, key: str) -> Snippet:
    hint = "Alerting, Contact points, New: choose Webhook and paste this as its URL."
    return Snippet("Grafana", hint, f"{url}/in/{key}/grafana")


def _pagerduty(url: str, key: str) -> Snippet:
    code = _code(
        """
        Events API v2 URL    <url>/v2/enqueue
        Integration key      <key>
        """,
        url=url,
        key=key,
    )
    hint = "For any tool that can send to PagerDuty and lets you change the address."
    return Snippet("PagerDuty-compatible tools", hint, code)
