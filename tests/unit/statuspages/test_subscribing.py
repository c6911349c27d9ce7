"""Who hears of what, when a message is tried again, and what it says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic import letters
from evenfall.statuspages.logic.letters import Links
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscriber_words import spoken, words
from evenfall.statuspages.logic.subscribing import (
    DEAD_AFTER,
    DEAD_FAILURES,
    MOST_ATTEMPTS,
    Choice,
    Kind,
    Topic,
    concerns,
    is_dead,
    next_try,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COMPONENTS = st.lists(st.integers(1, 5), max_size=4, unique=True).map(tuple)
POST: dict[str, Any] = {
    "topic": "incidents",
    "told": "updated",
    "post_id": 5,
    "title": "Checkout <is> slow",
    "state": "identified",
    "impact": "minor",
    "components": [{"id": 1, "name": "Checkout", "status": "degraded"}],
    "text": "We **found** it.\n\n<script>alert(1)</script>",
    "said_at": "2026-03-02T12:00:00+00:00",
    "next_update_at": "2026-03-02T13:00:00+00:00",
}
WORK: dict[str, Any] = {
    "topic": "maintenance",
    "told": "planned",
    "work_id": 7,
    "title": "New disks",
    "state": "scheduled",
    "components": [{"id": 1, "name": "Checkout"}],
    "text": "",
    "said_at": "2026-03-02T12:00:00+00:00",
    "starts_at": "2026-03-29T00:30:00+00:00",
    "ends_at": "2026-03-29T02:00:00+00:00",
}


def asked(choice: Choice, *, topic: Topic = Topic.WORKS, **about: Any) -> bool:
    known: dict[str, Any] = {"component_ids": (), "post_id": None, "ends_story": False}
    return concerns(choice, topic=topic, **{**known, "heard_of_it": False, **about})


@given(chosen=COMPONENTS, touched=COMPONENTS, topic=st.sampled_from(Topic))
def test_nobody_hears_of_components_they_did_not_choose(
    chosen: tuple[int, ...], touched: tuple[int, ...], topic: Topic
) -> None:
    heard = asked(Choice(component_ids=chosen), topic=topic, component_ids=touched)
    assert heard == (not chosen or not touched or bool(set(chosen) & set(touched)))


@given(chosen=COMPONENTS, touched=COMPONENTS)
def test_whoever_heard_the_beginning_hears_the_end(
    chosen: tuple[int, ...], touched: tuple[int, ...]
) -> None:
    about: dict[str, Any] = {"component_ids": touched, "ends_story": True, "heard_of_it": True}
    assert asked(Choice(component_ids=chosen), topic=Topic.INCIDENTS, post_id=5, **about)


def test_one_incident_only() -> None:
    choice = Choice(component_ids=(1,), post_id=5)
    assert asked(choice, topic=Topic.INCIDENTS, post_id=5, component_ids=(2,))
    assert not asked(choice, topic=Topic.INCIDENTS, post_id=6, component_ids=(1,))
    assert not asked(choice, topic=Topic.WORKS, component_ids=(1,))


def test_kinds_that_were_not_chosen() -> None:
    assert not asked(Choice(incidents=False), topic=Topic.INCIDENTS, post_id=1)
    assert not asked(Choice(works=False), topic=Topic.WORKS)


@given(attempts=st.integers(1, MOST_ATTEMPTS - 1))
def test_waits_grow(attempts: int) -> None:
    here, later = next_try(attempts, now=NOW), next_try(attempts + 1, now=NOW)
    assert here is not None
    assert here > NOW
    assert later is None or later >= here


def test_a_receiver_may_ask_for_a_longer_wait() -> None:
    assert next_try(1, now=NOW, at_least=timedelta(hours=2)) == NOW + timedelta(hours=2)
    assert next_try(MOST_ATTEMPTS, now=NOW) is None


def test_a_hook_is_dead_after_a_day_of_failures() -> None:
    long_ago = NOW - DEAD_AFTER
    assert is_dead(failures=DEAD_FAILURES, failing_since=long_ago, now=NOW)
    assert not is_dead(failures=DEAD_FAILURES - 1, failing_since=long_ago, now=NOW)
    assert not is_dead(failures=99, failing_since=NOW - timedelta(hours=1), now=NOW)
    assert not is_dead(failures=99, failing_since=None, now=NOW)


def test_a_mail_about_a_post_is_plain_and_safe() -> None:
    said = letters.said(POST, page="Shop", zone="Europe/Berlin", language=Language.EN)
    links = Links(page="https://x/status/shop/", manage="https://x/m", leave="https://x/u")
    mail = letters.mail(said, links)
    assert mail.subject == "[Shop] Identified: Checkout <is> slow"
    assert "Affects: Checkout (Degraded)" in mail.text
    assert "Said: 2026-03-02 13:00 (Europe/Berlin)" in mail.text
    assert "Next update by: 2026-03-02 14:00 (Europe/Berlin)" in mail.text
    assert "Unsubscribe: https://x/u" in mail.text
    assert "<script>" not in mail.html
    assert "Checkout &lt;is&gt; slow" in mail.html
    assert "<strong>found</strong>" in mail.html
    assert said.lines[0].startswith("We **found** it.")


def test_the_window_of_a_maintenance_is_in_the_zone_of_the_page() -> None:
    said = letters.said(WORK, page="Shop", zone="Europe/Berlin", language=Language.DE)
    assert said.subject == "[Shop] Wartung geplant: New disks"
    window = "2026-03-29 01:30 \N{EN DASH} 2026-03-29 04:00 (Europe/Berlin)"
    assert said.facts == (("Betrifft", "Checkout"), ("Zeitraum", window))
    assert "text" not in said.lines


@pytest.mark.parametrize("told", ["changed", "started", "verifying", "completed", "reminder"])
@pytest.mark.parametrize("language", Language)
def test_every_notice_has_words_in_every_language(told: str, language: Language) -> None:
    said = letters.said({**WORK, "told": told}, page="Shop", zone="UTC", language=language)
    assert "New disks" in said.title
    assert said.lines


@pytest.mark.parametrize("language", Language)
def test_no_phrase_is_empty(language: Language) -> None:
    assert all(words(language).values())
    assert spoken(language.value) is language


def test_an_unknown_language_falls_back() -> None:
    assert spoken("xx") is Language.EN


@pytest.mark.parametrize("language", Language)
def test_letters_about_the_subscription_itself(language: Language) -> None:
    links = Links(page="https://x/", manage="https://x/m", confirm="https://x/c")
    sent = letters.confirmation(page="A & B", links=links, language=language)
    assert "https://x/c" in sent.text
    assert "A &amp; B" in sent.html
    known = letters.reminder_of_subscription(page="Shop", links=links, language=language)
    assert "https://x/m" in known.text


def test_a_retraction_says_so() -> None:
    data = {**POST, "told": "retracted", "next_update_at": None, "components": []}
    said = letters.said(data, page="Shop", zone="UTC", language=Language.EN)
    assert said.title.startswith("Retracted: ")
    assert [name for name, _ in said.facts] == ["Said"]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_channel_and_a_name(kind: Kind) -> None:
    assert kind.channel
    assert kind.label
