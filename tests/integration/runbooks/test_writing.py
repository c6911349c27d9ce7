import threading

import pytest
from django.db import connection
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.runbooks import TEXT, link, make_runbook, save, wish

from evenfall.platform import journal
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.models import Runbook, Version
from evenfall.runbooks.ports import Owner
from evenfall.runbooks.queries import Filters, Show

pytestmark = pytest.mark.django_db


def test_every_save_is_a_version_and_the_old_ones_stay() -> None:
    runbook = make_runbook(text="one")
    assert save(runbook, "two") == 2
    assert save(runbook, "two") == 2
    texts = Version.objects.order_by("number").values_list("text", flat=True)
    assert list(texts) == ["one", "two"]
    assert queries.runbook(runbook.pk, now=NOW).text == "two"
    kinds = [entry.kind for entry in journal.entries(subject=f"runbook:{runbook.pk}")]
    assert kinds == ["runbooks.runbook_saved"] * 2


def test_who_saves_on_an_old_version_is_told_and_nothing_is_lost() -> None:
    runbook = make_runbook(text="one\ntwo\nthree")
    save(runbook, "ONE\ntwo\nthree")
    with pytest.raises(errors.EditedMeanwhile):
        save(runbook, "one\ntwo\nTHREE", base=1)
    assert Version.objects.count() == 2
    both = queries.proposal(runbook_id=runbook.pk, base=1, text="one\ntwo\nTHREE")
    assert (both.text, both.clashes) == ("ONE\ntwo\nTHREE", 0)


def test_a_text_that_still_clashes_is_not_saved() -> None:
    runbook = make_runbook(text="one")
    save(runbook, "theirs")
    both = queries.proposal(runbook_id=runbook.pk, base=1, text="mine")
    assert both.clashes == 1
    with pytest.raises(errors.RunbookUnclear, match="clash"):
        save(runbook, both.text)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_wins_and_one_is_told() -> None:
    runbook, owner = make_runbook(text="one"), make_user()
    barrier = threading.Barrier(2)
    said: list[str] = []

    def write(text: str) -> None:
        barrier.wait()
        try:
            actions.save_runbook(
                runbook_id=runbook.pk,
                base=1,
                wish=wish(text=text, owner=Owner(user_id=owner.pk)),
                now=NOW,
                actor="system",
            )
            said.append("saved")
        except errors.EditedMeanwhile:
            said.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(text,)) for text in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["saved", "told"]


def test_slugs_are_free_readable_and_never_a_page_of_ours() -> None:
    titles = ["Disk full", "Disk full", "Missing", "Ünïcode", "注意"]
    found = [make_runbook(title).slug for title in titles]
    assert found == ["disk-full", "disk-full-2", "missing-2", "unicode", "runbook"]


@pytest.mark.parametrize(
    ("title", "text"), [("", ""), (" ", ""), ("x" * 201, ""), ("x", "x" * 100_001)]
)
def test_what_cannot_be_saved_is_said(title: str, text: str) -> None:
    owner = Owner(team_id=make_team("Core").pk)
    with pytest.raises(errors.RunbookUnclear):
        actions.create_runbook(wish=wish(title, text=text, owner=owner), now=NOW, actor="system")


def test_a_runbook_has_exactly_one_owner() -> None:
    both = Owner(team_id=make_team("Core").pk, user_id=make_user().pk)
    for owner in (both, Owner()):
        with pytest.raises(errors.RunbookUnclear, match="owner"):
            actions.create_runbook(wish=wish(owner=owner), now=NOW, actor="system")


def test_an_archived_one_leaves_lists_and_comes_back() -> None:
    runbook = make_runbook()
    actions.archive_runbook(runbook_id=runbook.pk, now=NOW, actor="system")
    assert queries.runbooks_page(Filters(), now=NOW).items == []
    assert queries.runbooks_page(Filters(show=Show.ARCHIVED), now=NOW).items == [runbook]
    with pytest.raises(errors.RunbookArchived):
        save(runbook, "x")
    actions.restore_runbook(runbook_id=runbook.pk, now=NOW, actor="system")
    assert queries.runbooks_page(Filters(), now=NOW).items == [runbook]


def test_search_finds_beginnings_of_words_in_title_tags_and_text() -> None:
    team = make_team("Core")
    by_title = make_runbook("Restarting the till", team=team, text="")
    by_text = make_runbook("Cards", team=team, text="First <b>restart</b> the reader, then wait.")
    by_tag = make_runbook("Disk", team=team, tags=["restart"], text="")
    make_runbook("Network", team=team, text="Call them.")
    found = queries.search("REST", Filters(), now=NOW)
    assert [one.runbook.id for one in found] == [by_title.pk, by_tag.pk, by_text.pk]
    assert [piece.text for piece in found[2].fragment if piece.is_hit] == ["restart"]
    assert queries.search("restart reader", Filters(), now=NOW)[0].runbook.id == by_text.pk
    assert queries.search("restart ' & | ! :* \0", Filters(), now=NOW)
    assert queries.search("'; --", Filters(), now=NOW) == []
    save(by_text, "Nothing of that any more.")
    assert len(queries.search("restart", Filters(), now=NOW)) == 2


def test_filters_by_owner_tag_and_links() -> None:
    team, ada = make_team("Core"), make_user("Ada")
    one = make_runbook("One", team=team, tags=["db"])
    two = make_runbook("Two", person=ada)
    link(one, services=[make_service(team=team).pk])

    def ids(filters: Filters) -> list[int]:
        return [row.pk for row in queries.runbooks_page(filters, now=NOW).items]

    assert ids(Filters(team_id=team.pk)) == [one.pk]
    assert ids(Filters(user_id=ada.pk)) == [two.pk]
    assert ids(Filters(tag="db")) == [one.pk]
    assert ids(Filters(show=Show.UNLINKED)) == [two.pk]
    assert queries.all_tags() == ["db"]


def test_links_find_runbooks_for_services_and_labels() -> None:
    team = make_team("Core")
    service = make_service(team=team)
    general = make_runbook("The till", team=team)
    close = make_runbook("Its disk", team=team)
    other = make_runbook("Not this", team=team)
    link(general, services=[service.pk])
    link(close, alerts=["alertname=Disk*, env=prod", ""])
    link(other, alerts=["alertname=CPU"])
    found = queries.for_alerts(
        service_ids=[service.pk], labels=[{"alertname": "DiskFull", "env": "prod"}], now=NOW
    )
    assert [(one.runbook.id, one.why) for one in found] == [
        (close.pk, 'alertname="Disk*", env="prod"'),
        (general.pk, "its service"),
    ]
    actions.archive_runbook(runbook_id=close.pk, now=NOW, actor="system")
    assert [one.runbook.id for one in queries.of_services([service.pk], now=NOW)] == [general.pk]


def test_links_that_make_no_sense_are_refused_whole() -> None:
    runbook = make_runbook()
    with pytest.raises(errors.RunbookUnclear):
        link(runbook, alerts=["a=b", "nonsense"])
    assert not Runbook.objects.get(id=runbook.pk).is_linked
    assert TEXT
