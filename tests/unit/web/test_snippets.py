"""What a newcomer pastes into the tools."""

import json

from evenfall.web.logic.snippets import snippets

CODES = {
    snippet.tool: snippet.code
    for snippet in snippets(public_url="https://evenfall.example:8443", key="evf_in_k")
}


def test_every_snippet_has_the_real_key_and_host() -> None:
    for tool, code in CODES.items():
        assert "evf_in_k" in code, tool
        assert "evenfall.example:8443" in code, tool
        assert "<" not in code, tool


def test_curl_sends_valid_json() -> None:
    body = CODES["curl"].partition("-d '")[2].rstrip("'")
    event = json.loads(body)
    assert event["routing_key"] == "evf_in_k"
    assert event["payload"]["severity"] == "critical"


def test_prometheus_gets_scheme_and_host_apart() -> None:
    assert "scheme: https" in CODES["Prometheus"]
    assert 'targets: ["evenfall.example:8443"]' in CODES["Prometheus"]
    assert "path_prefix: /evf_in_k" in CODES["Prometheus"]
