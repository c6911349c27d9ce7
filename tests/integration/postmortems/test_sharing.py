"""Comments on sections, the public page, documents, previews and the report, as people use them."""

import csv
import io
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_team, make_user, signed_in
from tests.factories.postmortems import first_section, make_action, make_postmortem

from evenfall.identity.models import User
from evenfall.incidents import actions as incidents_actions
from evenfall.notifications.models import Notice
from evenfall.platform import reactions
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic.action_life import ActionState, ActionStep, Asker, Wish
from evenfall.postmortems.logic.states import Doer, Step
from evenfall.postmortems.models import Comment, Postmortem, Publication, Section

pytestmark = pytest.mark.django_db
ONE = "/postmortems/{}/"


def titles(user: User) -> list[str]:
    rows = Notice.objects.filter(user=user, kind="inbox").order_by("id")
    return [row.content["title"] for row in rows]


def published(row: Postmortem, *, is_public: bool = True) -> None:
    """All steps up to the publication, by people who may."""
    owner, reviewer = make_user("Olaf"), make_user("Rea", "manager")
    actions.set_people(
        postmortem_id=row.pk,
        owner_id=owner.pk,
        reviewer_ids=[reviewer.pk],
        now=NOW,
        actor="system",
    )
    for step in (Step.SUBMIT, Step.APPROVE, Step.PUBLISH):
        actions.move_postmortem(
            postmortem_id=row.pk,
            step=step,
            doer=Doer(user_id=reviewer.pk, manages=True),
            is_public=is_public,
            now=NOW,
            actor=f"user:{reviewer.pk}",
        )


def test_a_comment_on_a_section_is_settled_and_opened_again() -> None:
    ana, row = make_user("Ana"), make_postmortem()
    client, one = signed_in(ana), ONE.format(row.pk)
    section = first_section(row)
    said = {"text": "Which users?", "section_id": section.pk}
    answer = client.post(f"{one}comments/", said)
    assert answer["Location"].endswith(f"#section-{section.pk}")
    comment = Comment.objects.get()
    assert comment.section_id == section.pk
    client.post(f"{one}comments/{comment.pk}/")
    assert "Settled by Ana" in client.get(one).content.decode()
    client.post(f"{one}comments/{comment.pk}/", {"again": "1"})
    assert "Settled by" not in client.get(one).content.decode()
    other = make_postmortem(title="Another")
    assert client.post(f"{ONE.format(other.pk)}comments/", said).status_code == 404
    assert client.post(f"{ONE.format(other.pk)}comments/{comment.pk}/").status_code == 404


def test_who_is_named_is_told_and_so_are_the_owner_and_the_reviewers() -> None:
    ana, ben, rea = make_user("Ana"), make_user("Ben Okri"), make_user("Rea")
    row = make_postmortem(owner=ana)
    for person, text in ((ben, "@ana is this right?"), (ana, "Ask @BenOkri"), (rea, "Fine")):
        actions.add_comment(postmortem_id=row.pk, text=text, now=NOW, actor=f"user:{person.pk}")
    assert titles(ana) == [
        "Ben Okri names you in a comment: Shop is slow",
        "Rea comments: Shop is slow",
    ]
    assert titles(ben) == ["Ana names you in a comment: Shop is slow"]
    actions.set_people(
        postmortem_id=row.pk, owner_id=ana.pk, reviewer_ids=[rea.pk], now=NOW, actor="system"
    )
    doer = Doer(user_id=ana.pk)
    actions.move_postmortem(
        postmortem_id=row.pk, step=Step.SUBMIT, doer=doer, now=NOW, actor=f"user:{ana.pk}"
    )
    assert titles(rea) == ["A post-mortem wants your review: Shop is slow"]


def test_what_is_public_has_an_address_of_its_own_kuma_6303() -> None:
    row = make_postmortem()
    Section.objects.create(
        postmortem=row, position=90, title="Public version", text="We **know** why."
    )
    Section.objects.filter(postmortem=row, position=0).update(text="Internal only")
    published(row)
    found = queries.publication_of(row.pk)
    assert found is not None
    path = "/" + found.url.partition("://")[2].partition("/")[2]
    answer = Client().get(path)
    page = answer.content.decode()
    assert "We <strong>know</strong> why." in page
    assert "Internal only" not in page
    assert (answer["X-Robots-Tag"], 'content="noindex"' in page) == ("noindex", True)
    assert queries.public_address(row.incident_id) == found.url


def test_public_or_private_is_a_switch_that_works_both_ways_oneuptime_2153() -> None:
    row, client = make_postmortem(), signed_in(make_user("Ana"))
    address = f"{ONE.format(row.pk)}public/"
    form: dict[str, Any] = {"title": "Shop was slow", "text": "It was <b>slow</b>."}
    early = client.post(address, {**form, "is_public": "on"})
    assert early.status_code == 422
    assert "Publish it inside" in early.content.decode()
    assert "<p>It was &lt;b&gt;" in client.post(address, {**form, "preview": "1"}).content.decode()
    assert not Publication.objects.exists()
    published(row, is_public=False)
    client.post(address, {**form, "is_public": "on", "is_indexed": "on"})
    slug = Publication.objects.get().slug
    answer = Client().get(f"/lessons/{slug}/")
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer
    client.post(address, form)
    assert Client().get(f"/lessons/{slug}/").status_code == 404
    client.post(address, {**form, "is_public": "on"})
    actions.move_postmortem(
        postmortem_id=row.pk,
        step=Step.REOPEN,
        doer=Doer(user_id=None, manages=True),
        reason="A date is wrong",
        now=NOW,
        actor="system",
    )
    assert Client().get(f"/lessons/{slug}/").status_code == 404
    assert Publication.objects.get().slug == slug


def test_an_observer_does_not_write_the_public_text() -> None:
    row, reader = make_postmortem(), signed_in(make_user(role="observer"))
    one = ONE.format(row.pk)
    for address in (f"{one}public/", f"{one}comments/1/", "/actions/1/issue/"):
        assert reader.post(address, {"way": "look"}).status_code in {403, 404}
    assert reader.get(f"{one}public/").status_code == 403


def test_without_the_extra_a_pdf_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    row, client = make_postmortem(), signed_in(make_user("Ana"))
    answer = client.get(f"{ONE.format(row.pk)}export.pdf", follow=True)
    assert "evenfall[pdf]" in answer.content.decode()
    with pytest.raises(errors.PdfNotInstalled):
        queries.as_pdf(row.pk, now=NOW)


def test_a_pdf_is_made_of_the_html_and_may_fetch_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Document:
        def __init__(self, *, string: str, url_fetcher: Any) -> None:
            asked.append((string, url_fetcher))

        def write_pdf(self, *, stylesheets: list[Any]) -> bytes:
            return b"%PDF-1.7"

    class Fetcher:
        def __init__(self, *, allowed_protocols: tuple[str, ...]) -> None:
            self.allowed = allowed_protocols

    module = ModuleType("weasyprint")
    module.HTML = module.CSS = Document  # type: ignore[attr-defined] # stands for the extra
    module.urls = SimpleNamespace(URLFetcher=Fetcher)  # type: ignore[attr-defined] # the same
    monkeypatch.setitem(sys.modules, "weasyprint", module)
    row = make_postmortem()
    answer = signed_in(make_user("Ana")).get(f"{ONE.format(row.pk)}export.pdf")
    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    assert [fetcher.allowed for _, fetcher in asked] == [(), ("data",)]
    assert any("Shop is slow" in text for text, _ in asked)


def test_texts_and_templates_are_looked_at_before_they_are_saved() -> None:
    client, row = signed_in(make_user("Mia", "manager")), make_postmortem()
    section = first_section(row)
    address = f"{ONE.format(row.pk)}sections/{section.pk}/"
    shown = client.post(address, {"text": "**Bold**", "version": 1, "preview": "1"})
    assert "<strong>Bold</strong>" in shown.content.decode()
    assert Section.objects.get(id=section.pk).version == 1
    template = "/postmortems/templates/dev/"
    shown = client.post(template, {"text": "## One {nope}\nTwo", "preview": "1"})
    page = shown.content.decode()
    assert "fills nothing in" in page
    assert "<strong>One</strong>" in page
    assert queries.template("dev").number == 0


def test_a_recurrence_opens_what_was_done_complaint_42() -> None:
    ana, row = make_user("Ana"), make_postmortem()
    action = make_action(row, ana)
    for step in (ActionStep.START, ActionStep.FINISH, ActionStep.VERIFY):
        actions.move_action(
            action_id=action.pk,
            wish=Wish(step=step, proof_url="https://example.org/1"),
            asker=Asker(user_id=None),
            now=NOW,
            actor="system",
        )
    again = make_postmortem(title="Shop is slow again")
    incidents_actions.link_recurrence(
        incident_id=again.incident_id, of_id=row.incident_id, now=NOW, actor="system"
    )
    reactions.react_now(NOW)
    found = queries.action(action.pk, now=NOW)
    assert (found.state, found.recurrences) == (ActionState.IN_PROGRESS, 1)
    assert str(again.incident_id) in found.reason
    (line,) = queries.action_keeping(now=NOW).by_owner
    assert (line.label, line.open, line.recurred) == ("Ana", 1, 1)
    page = signed_in(ana).get(f"/actions/{action.pk}/").content.decode()
    assert "Did not hold" in page


def test_a_promise_can_become_a_guardrail_that_is_shown_and_exported_complaint_43() -> None:
    ana, row = make_user("Ana"), make_postmortem()
    url = "https://example.org/rules/7"
    draft = ActionDraft(
        title="An alert rings", owner_id=ana.pk, guardrail_kind="alert", guardrail_url=url
    )
    number = actions.add_action(postmortem_id=row.pk, draft=draft, now=NOW, actor="system")
    client = signed_in(ana)
    assert "An alert rule" in client.get(f"/actions/{number}/").content.decode()
    assert f"guardrail: An alert rule {url}" in queries.as_markdown(row.pk, now=NOW)
    with pytest.raises(errors.GuardrailUnknown):
        actions.change_action(
            action_id=number,
            draft=ActionDraft(title="An alert rings", owner_id=ana.pk, guardrail_kind="hope"),
            now=NOW,
            actor="system",
        )


def test_the_report_is_a_page_and_a_table_in_which_no_cell_is_a_formula() -> None:
    ana, team = make_user("Ana"), make_team()
    make_action(make_postmortem(team_id=team.pk), ana, title="=1+1 alerts ring")
    make_action(make_postmortem(title="Other"), make_user("Ben"))
    client = signed_in(ana)
    page = client.get("/actions/report/").content.decode()
    assert {"By owner", "By class", "Open ones by age"} <= {
        word for word in ("By owner", "By class", "Open ones by age") if word in page
    }
    rows = list(csv.reader(io.StringIO(client.get("/actions/report.csv").content.decode())))
    assert len(rows) == 3
    assert {row[1] for row in rows[1:]} >= {"'=1+1 alerts ring"}
    of_team = client.get(f"/actions/report.csv?team={team.pk}").content.decode()
    assert len(of_team.strip().splitlines()) == 2
    assert client.get("/actions/report/?team=x").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_costs_the_same_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ana = make_user("Ana")
    for number in range(count):
        make_action(make_postmortem(), make_user(f"Ben {number}"))
    client = signed_in(ana)
    with django_assert_num_queries(10):
        assert client.get("/actions/report/").status_code == 200
    with django_assert_num_queries(7):
        assert client.get("/actions/report.csv").status_code == 200
