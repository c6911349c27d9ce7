"""Tools with a form of their own, and what to copy into them."""

from collections.abc import Mapping

from evenfall.alerting.logic.snippet_words import Kind, Snippet

TOOLS: Mapping[str, Kind] = {
    "opsgenie": Kind(
        "Opsgenie-compatible",
        "Any tool that speaks Opsgenie's Alert API: change the host and the key, keep the rest.",
        (
            Snippet("The address instead of https://api.opsgenie.com", "{url}"),
            Snippet(
                "Create an alert: the key as GenieKey",
                "curl -X POST {url}/v2/alerts \\\n"
                "  -H 'Authorization: GenieKey {key}' -H 'Content-Type: application/json' \\\n"
                '  -d \'{{"message": "Hello", "alias": "hello", "priority": "P1"}}\'',
            ),
            Snippet(
                "And close it",
                "curl -X POST '{url}/v2/alerts/hello/close?identifierType=alias' \\\n"
                "  -H 'Authorization: GenieKey {key}' -d '{{}}'",
            ),
        ),
    ),
}
