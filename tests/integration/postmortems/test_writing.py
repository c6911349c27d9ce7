"""Writing together: nothing is lost, and only the writer is helped."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from msgspec.structs import replace
from tests.factories.identity import NOW, make_user, signed_in
from tests.factories.postmortems import first_section, make_postmortem

from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic.action_life import Effort
from evenfall.postmortems.logic.states import Doer, Step
from evenfall.postmortems.models import Postmortem, Section
from evenfall.postmortems.queries import LibraryFilters

pytestmark = pytest.mark.django_db


def save(section: Section, text: str, version: int, actor: str = "system") -> int:
    return actions.save_section(
        postmortem_id=section.postmortem_id,
        section_id=section.id,
        text=text,
        version=version,
        now=NOW,
        actor=actor,
    )


def test_a_late_save_is_refused_and_both_texts_are_there() -> None:
    ana = make_user("Ana")
    section = first_section(make_postmortem())
    save(section, "one\ntwo", 1)
    assert save(section, "one\r\ntwo\r\nthree\r\n", 2, f"user:{ana.id}") == 3
    with pytest.raises(errors.SectionChanged):
        save(section, "ONE\ntwo", 2)
    found = queries.clash(section.postmortem_id, section.id, mine="ONE\ntwo", version=2)
    assert (found.proposal, found.clashes) == ("ONE\ntwo\nthree", 0)
    assert found.theirs_by == "Ana"
    assert save(section, found.proposal, found.section.version) == 4
    numbers = [one.number for one in queries.versions(section.postmortem_id, section.id)]
    assert numbers == [4, 3, 2, 1]


def test_marks_of_a_clash_are_not_saved() -> None:
    section = first_section(make_postmortem())
    save(section, "theirs", 1)
    found = queries.clash(section.postmortem_id, section.id, mine="mine", version=1)
    assert found.clashes == 1
    with pytest.raises(errors.MarksLeft):
        save(section, found.proposal, 2)


def test_the_same_text_again_is_no_version() -> None:
    section = first_section(make_postmortem())
    assert save(section, "text", 1) == 2
    assert save(section, "text", 1) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told() -> None:
    section, gate = first_section(make_postmortem()), threading.Barrier(2)
    results: list[str] = []

    def writer(text: str) -> None:
        gate.wait(10)
        try:
            save(section, text, 1)
            results.append("saved")
        except errors.SectionChanged:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(text,)) for text in ("a", "b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(results) == ["saved", "told"]


def test_a_published_text_stands() -> None:
    row = make_postmortem()
    Postmortem.objects.filter(id=row.id).update(state="published")
    with pytest.raises(errors.NotEditable, match="published"):
        save(first_section(row), "text", 1)


def test_hints_know_who_was_there_and_what_one_muted() -> None:
    ana = make_user("Ana Lima")
    row = make_postmortem(by=ana)
    section, text = first_section(row), "Ana deleted it. Obviously."

    def words() -> list[str]:
        found = queries.section_hints(row.id, section.id, text, user_id=ana.id)
        return [hint.word for hint in found]

    assert words() == ["Ana", "obviously"]
    actions.mute_word(user_id=ana.id, word="obviously")
    assert words() == ["Ana"]
    actions.unmute_words(user_id=ana.id)
    assert len(words()) == 2


def test_the_timeline_section_names_its_holes() -> None:
    row = make_postmortem()
    section = Section.objects.get(postmortem=row, fill="timeline")
    user = make_user()
    found = queries.section_hints(row.id, section.id, "", user_id=user.id)
    assert [hint.rule.value for hint in found] == ["gap"]


def test_the_library_finds_words_tags_and_factors() -> None:
    one, other = make_postmortem(title="Till"), make_postmortem(title="Cards")
    save(first_section(one), "The certificate expired", 1)
    actions.set_tags_and_factors(
        postmortem_id=one.id,
        tags=["TLS", " tls "],
        factor_names=["Missing alert", "missing-alert."],
        now=NOW,
        actor="system",
    )
    view = queries.postmortem(one.id)
    assert (view.tags, view.factors) == (("tls",), ["Missing alert"])
    assert queries.similar_factors("Missing alerts") == ["Missing alert"]
    for filters in (
        LibraryFilters(text="certificates"),
        LibraryFilters(text="till"),
        LibraryFilters(tag="tls"),
        LibraryFilters(factor="missing  Alert"),
    ):
        assert [found.id for found in queries.library(filters).items] == [one.id]
    assert [found.id for found in queries.library(LibraryFilters()).items] == [other.id, one.id]


def test_comments_and_documents() -> None:
    ana = make_user("Ana")
    row = make_postmortem(title="Shop *down*", owner=ana)
    actions.add_comment(
        postmortem_id=row.id, text="Good <b>work</b>", now=NOW, actor=f"user:{ana.id}"
    )
    (said,) = queries.comments(row.id)
    assert said.author == "Ana"
    assert "<b>" not in said.html
    with pytest.raises(errors.TextMissing):
        actions.add_comment(postmortem_id=row.id, text=" ", now=NOW, actor="system")
    text = queries.as_markdown(row.id, now=NOW)
    assert text.startswith("# Shop \\*down\\*\n\n- Incident: ")
    assert "- Owner: Ana" in text
    assert "<h2>Timeline</h2>" in queries.as_html(row.id, now=NOW)


def test_steps_leave_their_stamps_and_publication_is_inside_or_public_oneuptime_2153() -> None:
    ana, ben = make_user("Ana"), make_user("Ben")
    row = make_postmortem(by=ana)
    actions.set_people(
        postmortem_id=row.id, owner_id=ana.id, reviewer_ids=[ben.id], now=NOW, actor="system"
    )

    def take(step: Step, user_id: int, **more: str | bool) -> None:
        actions.move_postmortem(
            postmortem_id=row.id,
            step=step,
            doer=Doer(user_id=user_id),
            now=NOW + timedelta(hours=1),
            actor=f"user:{user_id}",
            **more,  # type: ignore[arg-type] # a test's shorthand
        )

    take(Step.SUBMIT, ana.id)
    with pytest.raises(errors.StepNotPossible, match="cannot approve"):
        take(Step.APPROVE, ana.id)
    take(Step.APPROVE, ben.id)
    take(Step.PUBLISH, ana.id, is_public=True)
    view = queries.postmortem(row.id)
    assert view.approved_by is not None
    assert (view.approved_by.name, view.is_public) == ("Ben", True)
    assert Postmortem.objects.get().remind_at is None
    take(Step.CLOSE, ana.id)
    take(Step.REOPEN, ana.id, reason="It happened again")
    view = queries.postmortem(row.id)
    assert (view.approved_by, view.is_public, view.reason) == (None, False, "It happened again")
    assert Postmortem.objects.get().remind_at is not None


def test_the_words_of_actions_and_factors_are_looked_at_for_the_writer_alone() -> None:
    ana, ben, row = make_user("Ana"), make_user("Ben"), make_postmortem()
    client, one = signed_in(ana), f"/postmortems/{row.pk}/"
    sent = {"title": "Improve alerts", "owner_id": ben.pk, "type": "prevent", "level": "P2"}
    page = client.post(f"{one}actions/", sent, follow=True).content.decode()
    assert "“Improve”: Nobody can tell when it is done." in page
    assert "Nobody can tell" not in signed_in(ben).get(one).content.decode()
    page = client.post(f"{one}words/", {"factors": "Human error"}, follow=True).content.decode()
    assert "It ends the search where it begins" in page
    assert "It is the only factor" in page
    actions.mute_word(user_id=ana.pk, word="improve")
    page = client.post(f"{one}actions/", sent, follow=True).content.decode()
    assert "Nobody can tell" not in page


def test_an_action_says_what_it_is_about_and_what_it_costs() -> None:
    ana, row = make_user("Ana"), make_postmortem()
    actions.set_tags_and_factors(
        postmortem_id=row.pk, tags=[], factor_names=["Slow DNS", "No alert"], now=NOW, actor="x"
    )
    client, one = signed_in(ana), f"/postmortems/{row.pk}/"
    sent = {"title": "DNS answers in 5 ms", "owner_id": ana.pk, "type": "prevent", "level": "P1"}
    assert client.post(f"{one}actions/", {**sent, "factor": "Luck"}).status_code == 422
    client.post(f"{one}actions/", {**sent, "factor": "Slow DNS", "effort": "small"})
    (found,) = queries.actions_of(row.pk, now=NOW)
    assert (found.factor, found.effort) == ("Slow DNS", Effort.SMALL)
    actions.set_tags_and_factors(
        postmortem_id=row.pk, tags=[], factor_names=["No alert"], now=NOW, actor="x"
    )
    change = f"/actions/{found.id}/edit/"
    assert 'value="Slow DNS" selected' in client.get(change).content.decode()
    assert client.post(change, {**sent, "factor": "Slow DNS"}).status_code == 302
    page = client.get(f"/actions/{found.id}/").content.decode()
    assert "?factor=Slow%20DNS" in page
    draft = ActionDraft(title="x", owner_id=ana.pk)
    for wrong, error in (
        (replace(draft, factor="Luck"), errors.FactorNotNamed),
        (replace(draft, effort="huge"), errors.EffortUnknown),
    ):
        with pytest.raises(error):
            actions.change_action(action_id=found.id, draft=wrong, now=NOW, actor="system")
    row_of_file = next(queries.action_rows(now=NOW))
    assert dict(zip(queries.CSV_HEAD, row_of_file, strict=True))["factor"] == "Slow DNS"
