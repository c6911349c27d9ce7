"""First words about an incident: what they say, and when any are prepared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.statuspages.logic.drafting import (
    TITLE_LENGTH,
    Trouble,
    first_words,
    is_wanted,
    likely,
    past,
    withdrawn,
)
from evenfall.statuspages.logic.phrases import Language, phrases
from evenfall.statuspages.logic.words import Settled, Status

BAD = Trouble(severity=Sev.SEV2, environment=Environment.PROD, is_live=True)


@pytest.mark.parametrize(
    ("names", "language", "title"),
    [
        (["Checkout"], Language.EN, "Problem with Checkout"),
        (["Checkout", "Search"], Language.EN, "Problem with Checkout and Search"),
        (["A", "B", "C"], Language.EN, "Problem with A, B and C"),
        (["A", "B", "C", "D"], Language.EN, "Problem with A, B, C and others"),
        ([], Language.EN, "Problem with some of our systems"),
        (["Kasse", "Suche"], Language.DE, "Störung: Kasse und Suche"),
        (["Panier"], Language.FR, "Problème : Panier"),
        (["Caja"], Language.ES, "Problema: Caja"),
    ],
)
def test_the_title_names_components_in_the_language_of_the_page(
    names: list[str], language: Language, title: str
) -> None:
    said = first_words(names, phrases(language))
    assert said.title == title
    assert all(name in said.text for name in names[:3])


@given(
    st.lists(st.text("ab{}", min_size=1, max_size=80), max_size=6), st.sampled_from(list(Language))
)
def test_whatever_components_are_called_the_title_fits(
    names: list[str], language: Language
) -> None:
    said = first_words(names, phrases(language))
    assert 0 < len(said.title) <= TITLE_LENGTH
    assert all(name in said.text for name in names[:1])


@pytest.mark.parametrize(
    ("trouble", "least", "wanted"),
    [
        (BAD, Sev.SEV2, True),
        (BAD, Sev.SEV5, True),
        (BAD, Sev.SEV1, False),
        (BAD, None, False),
        (replace(BAD, severity=Sev.SEV1), Sev.SEV2, True),
        (replace(BAD, environment=Environment.UAT), Sev.SEV5, False),
        (replace(BAD, is_private=True), Sev.SEV2, False),
        (replace(BAD, is_live=False), Sev.SEV2, False),
        (replace(BAD, is_merged=True), Sev.SEV2, False),
    ],
)
def test_when_one_is_prepared(trouble: Trouble, least: Sev | None, wanted: bool) -> None:
    assert is_wanted(trouble, least) is wanted


def test_why_nothing_waits_any_more() -> None:
    assert past(BAD) is None
    assert past(replace(BAD, is_live=False)) is Settled.ENDED
    assert past(replace(BAD, is_live=False, is_private=True)) is Settled.PRIVATE
    assert past(replace(BAD, is_live=False, is_merged=True)) is Settled.MERGED
    assert all(how.label for how in Settled)


def test_what_is_milder_is_said_more_mildly() -> None:
    assert likely(Sev.SEV1) is Status.PARTIAL
    assert likely(Sev.SEV4) is Status.DEGRADED


def test_what_became_milder_is_withdrawn_but_not_where_nothing_is_asked_for() -> None:
    assert withdrawn(BAD, BAD.severity) is None
    assert withdrawn(replace(BAD, severity=Sev.SEV5), BAD.severity) is Settled.MILDER
    assert withdrawn(replace(BAD, severity=Sev.SEV5), None) is None
    assert withdrawn(replace(BAD, is_live=False, severity=Sev.SEV5), Sev.SEV1) is Settled.ENDED
