import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user
from tests.factories.runbooks import folder, make_runbook, save

from evenfall.identity import queries as identity_queries
from evenfall.identity.models import Team
from evenfall.identity.permissions import Viewer
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.logic.documents import pack, unpack
from evenfall.runbooks.models import Runbook, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("Core", slug="core")


def manager() -> Viewer:
    found = identity_queries.viewer_by_id(make_user("Max", "manager").pk)
    assert found
    return found


def bring(team: Team, files: dict[str, str], viewer: Viewer, *, archives: bool = False) -> int:
    number = actions.receive_folder(
        name="docs", team_id=team.pk, body=folder(files), now=NOW, actor="system"
    )
    actions.import_folder(folder_id=number, viewer=viewer, archives=archives, now=NOW)
    return number


def test_nothing_is_saved_before_somebody_says_so(team: Team) -> None:
    number = actions.receive_folder(
        name="docs", team_id=team.pk, body=folder({"a.md": "# A"}), now=NOW, actor="system"
    )
    assert queries.folder(number).counts["added"] == 1
    assert not Runbook.objects.exists()


def test_a_folder_is_kept_in_step(team: Team) -> None:
    viewer, service = manager(), make_service(team=team)
    front = f"---\nservices: [{service.slug}, nowhere]\ntags: db\n---\n"
    first = bring(team, {"a.md": f"{front}# A\none", "b.md": "# B", "c.md": "# C"}, viewer)
    steps = queries.folder(first).steps
    assert (steps[0]["path"], steps[0]["step"]) == ("a.md", "added")
    assert steps[0]["why"] == "Not known here: nowhere."
    row = Runbook.objects.get(source_path="a.md")
    assert [one.id for one in queries.links(row.pk).services] == [service.pk]
    second = bring(team, {"a.md": f"{front}# A\ntwo", "b.md": "# B"}, viewer)
    assert queries.folder(second).counts == {
        "added": 0, "changed": 1, "unchanged": 1, "clash": 0, "removed": 1,
    }  # fmt: skip
    assert Version.objects.filter(runbook=row).count() == 2
    assert Version.objects.filter(runbook__source_path="b.md").count() == 1
    assert Runbook.objects.get(source_path="c.md").archived_at is None
    bring(team, {"a.md": f"{front}# A\ntwo", "b.md": "# B"}, viewer, archives=True)
    assert Runbook.objects.get(source_path="c.md").archived_at == NOW
    bring(team, {"a.md": f"{front}# A\ntwo", "b.md": "# B", "c.md": "# C"}, viewer)
    assert Runbook.objects.get(source_path="c.md").archived_at is None


def test_edits_here_and_in_the_folder_are_put_together_or_left_to_people(team: Team) -> None:
    viewer = manager()
    bring(team, {"a.md": "one\ntwo\nthree"}, viewer)
    row = Runbook.objects.get()
    save(row, "one\ntwo\nHERE")
    bring(team, {"a.md": "FILE\ntwo\nthree"}, viewer)
    row.refresh_from_db()
    assert row.text == "FILE\ntwo\nHERE"
    last = bring(team, {"a.md": "FILE\ntwo\nthere"}, viewer)
    assert queries.folder(last).counts["clash"] == 1
    row.refresh_from_db()
    assert row.text == "FILE\ntwo\nHERE"


def test_an_upload_is_imported_once(team: Team) -> None:
    viewer = manager()
    number = bring(team, {"a.md": "# A"}, viewer)
    with pytest.raises(errors.FolderDone):
        actions.import_folder(folder_id=number, viewer=viewer, archives=False, now=NOW)
    with pytest.raises(errors.FolderNotFound):
        actions.import_folder(folder_id=0, viewer=viewer, archives=False, now=NOW)


def test_a_file_may_name_an_owner_only_for_whom_the_viewer_may_write(team: Team) -> None:
    other, person = make_team("Other", slug="other"), make_user("Olga", "observer")
    make_membership(team, person, "manager")
    viewer = identity_queries.viewer_by_id(person.pk)
    assert viewer
    bring(team, {"a.md": "---\nowner: other\n---\nx"}, viewer)
    assert Runbook.objects.get().owner_team_id == team.pk
    bring(team, {"b.md": "---\nowner: other\n---\ny"}, manager())
    assert Runbook.objects.get(source_path="b.md").owner_team_id == other.pk


def test_another_team_cannot_take_a_folder_over(team: Team) -> None:
    bring(team, {"a.md": "# A"}, manager())
    with pytest.raises(errors.RunbookUnclear):
        bring(make_team("Other"), {"a.md": "# A"}, manager())


def test_what_cannot_be_read_is_said_with_its_path(team: Team) -> None:
    with pytest.raises(errors.FolderUnreadable, match=r"\.\./a\.md"):
        bring(team, {"../a.md": "x"}, manager())


def test_everything_goes_out_as_a_folder_that_can_come_in_again(team: Team) -> None:
    make_runbook("One", team=team, tags=["db"], text="text")
    make_runbook("Two", person=make_user("Ada"))
    read = unpack(pack(queries.documents_of_all()))
    assert [(one.path, one.title, one.tags) for one in read] == [
        ("one.md", "One", ("db",)),
        ("two.md", "Two", ()),
    ]
    assert read[0].owner == "core"
    assert "@" in read[1].owner
