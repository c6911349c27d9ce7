import json

import pytest

from evenfall.alerting.logic.snippets import KINDS, MAIL, snippets_for


@pytest.mark.parametrize("kind", [*(name for name in KINDS if name != MAIL), "never heard of"])
def test_snippets_are_complete_for_every_tool(kind: str) -> None:
    found = snippets_for(kind, public_url="https://evenfall.example.org/", key="KEY32")
    assert found
    for snippet in found:
        assert snippet.where
        assert "{url}" not in snippet.text
        assert "org//" not in snippet.text
    assert found[-1].text.startswith("curl -X POST https://evenfall.example.org/in/KEY32")


@pytest.mark.parametrize("kind", ["pagerduty", "json"])
def test_what_curl_sends_is_json(kind: str) -> None:
    for snippet in snippets_for(kind, public_url="http://localhost:8000", key="K"):
        if " -d '" in snippet.text:
            body = snippet.text.split(" -d '")[1].rstrip("'")
            assert json.loads(body)


def test_prometheus_gets_host_scheme_and_prefix() -> None:
    snippet = snippets_for("prometheus", public_url="https://e.example.org/base", key="K")[0]
    assert "scheme: https" in snippet.text
    assert "targets: ['e.example.org']" in snippet.text
    assert "path_prefix: /base/K" in snippet.text


def test_mail_gets_its_address_and_one_with_a_name() -> None:
    where, named, *_ = snippets_for(
        MAIL, public_url="https://e.example.org", key="k", address="k@in.example.org"
    )
    assert where.text == "k@in.example.org"
    assert named.text == "k+disk-of-db1@in.example.org"
