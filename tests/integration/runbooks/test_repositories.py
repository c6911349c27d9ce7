"""Runbooks from a Git repository, with a real server on the loopback interface."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.git_server import GitServer, git_server
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.runbooks import folder, save

from evenfall.identity import queries as identity_queries
from evenfall.identity.models import Team
from evenfall.identity.permissions import Viewer
from evenfall.notifications.models import Notice
from evenfall.platform.models import JournalEntry
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.actions import RepositoryWish
from evenfall.runbooks.models import Repository, Runbook, Source, Version
from evenfall.runbooks.queries import RepositoryView

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "runbooks.git") as running:
        yield running


@pytest.fixture
def team() -> Team:
    return make_team("Core", slug="core", leads=(make_user("Lea"),))


@pytest.fixture
def viewer() -> Viewer:
    found = identity_queries.viewer_by_id(make_user("Max", "manager").pk)
    assert found
    return found


def wish(team: Team, url: str, **said: Any) -> RepositoryWish:
    return RepositoryWish(**{"name": "ops", "team_id": team.pk, "url": url, **said})


def connect(team: Team, viewer: Viewer, url: str, **said: Any) -> int:
    """Connect it and fetch it once."""
    number = actions.add_repository(wish=wish(team, url, **said), viewer=viewer, now=NOW)
    actions.fetch_due_repository(now=NOW)
    return number


def fetch(number: int, *, limit_s: float = 20.0) -> RepositoryView:
    actions.fetch_now(repository_id=number, now=LATER)
    actions.fetch_due_repository(now=LATER, limit_s=limit_s)
    return queries.repository(number)


def test_markdown_files_of_a_branch_become_runbooks(
    server: GitServer, team: Team, viewer: Viewer
) -> None:
    head = server.commit(
        {"a.md": "# A\none", "deep/down/b.md": "b", "x.py": "pass", ".github/c.md": "c"},
        links=["passwd.md"],
    )
    found = queries.repository(connect(team, viewer, server.url))
    assert (found.state, found.commit, found.error) == ("ok", head, "")
    assert (found.fetched_at, found.due_at) == (NOW, LATER)
    assert found.counts["added"] == 2
    rows = Runbook.objects.order_by("source_path").values_list("source_path", "title", "text")
    assert list(rows) == [("a.md", "A", "# A\none"), ("deep/down/b.md", "B", "b")]
    version = Version.objects.get(title="A")
    assert version.summary == f"Imported from ops, commit {head[:10]}"
    assert version.saved_by == "system"


def test_the_branch_is_kept_in_step(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"a.md": "# A\none", "b.md": "# B\nb", "c.md": "# C\nc"})
    number = connect(team, viewer, server.url)
    kept = Runbook.objects.get(source_path="b.md").pk
    server.commit({"a.md": "# A\ntwo", "moved/b.md": "# B\nb"})
    actions.fetch_due_repository(now=LATER)
    found = queries.repository(number)
    assert [(one["path"], one["step"], one["why"]) for one in found.steps] == [
        ("a.md", "changed", ""),
        ("c.md", "removed", "Archived."),
        ("moved/b.md", "unchanged", "It was at b.md."),
    ]
    assert Runbook.objects.get(source_path="moved/b.md").pk == kept
    assert Version.objects.filter(runbook_id=kept).count() == 1
    assert Runbook.objects.get(source_path="c.md").archived_at == LATER
    assert Version.objects.filter(runbook__source_path="a.md").count() == 2
    server.commit({"a.md": "# A\ntwo", "b.md": "# B\nb", "c.md": "# C\nc"})
    fetch(number)
    assert Runbook.objects.get(source_path="c.md").archived_at is None
    assert Runbook.objects.get(source_path="b.md").pk == kept


def test_a_known_commit_is_not_loaded_again(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"a.md": "# A"})
    number = connect(team, viewer, server.url)
    loads = [path for path, _ in server.asked].count("/ops/runbooks.git/git-upload-pack")
    before = JournalEntry.objects.count()
    actions.fetch_due_repository(now=LATER)
    found = queries.repository(number)
    assert (found.fetched_at, found.counts["added"]) == (LATER, 1)
    again = [path for path, _ in server.asked].count("/ops/runbooks.git/git-upload-pack")
    assert again < 2 * loads
    assert fetch(number).state == "ok"
    assert JournalEntry.objects.count() == before
    idle = actions.fetch_due_repository(now=LATER)
    assert (idle.done, idle.next_due) == (0, LATER + timedelta(minutes=10))


def test_edits_here_are_put_together_or_left_to_people(
    server: GitServer, team: Team, viewer: Viewer
) -> None:
    server.commit({"a.md": "one\ntwo\nthree"})
    number = connect(team, viewer, server.url)
    row = Runbook.objects.get()
    save(row, "one\ntwo\nHERE")
    server.commit({"a.md": "FILE\ntwo\nthree"})
    assert fetch(number).state == "ok"
    row.refresh_from_db()
    assert row.text == "FILE\ntwo\nHERE"
    server.commit({"a.md": "FILE\ntwo\nthere"})
    assert fetch(number).state == "clash"
    row.refresh_from_db()
    assert row.text == "FILE\ntwo\nHERE"
    save(row, "FILE\ntwo\nthere")
    actions.fetch_due_repository(now=LATER + timedelta(minutes=10))
    assert queries.repository(number).state == "ok"


def test_only_the_folder_that_was_asked_for(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"README.md": "# No", "docs/runbooks/a.md": "# A"}, branch="release/1")
    number = connect(team, viewer, server.url, branch="release/1", path="/docs/runbooks/")
    assert Runbook.objects.get().source_path == "a.md"
    server.commit({"README.md": "# No"}, branch="release/1")
    found = fetch(number)
    assert found.error == "There is no folder docs/runbooks in the branch."
    assert Runbook.objects.get().archived_at is None


def test_a_file_may_name_an_owner_only_for_whom_who_connected_it_may_write(
    server: GitServer, team: Team, viewer: Viewer
) -> None:
    other = make_team("Other", slug="other")
    server.commit({"a.md": "---\nowner: other\n---\nx"})
    number = connect(team, viewer, server.url)
    assert Runbook.objects.get().owner_team_id == other.pk
    Repository.objects.update(saved_by=None)
    server.commit({"a.md": "---\nowner: other\n---\nx", "b.md": "---\nowner: other\n---\ny"})
    fetch(number)
    assert Runbook.objects.get(source_path="b.md").owner_team_id == team.pk


def test_a_private_repository_wants_the_right_token(
    server: GitServer, team: Team, viewer: Viewer
) -> None:
    server.token = "s3cret"
    server.commit({"a.md": "# A"})
    number = connect(team, viewer, server.url)
    assert queries.repository(number).error == "The server wants a user name and a token."
    for token, state in (("wrong", "failed"), ("s3cret", "ok"), (None, "ok"), ("", "failed")):
        said = wish(team, server.url, token=token)
        actions.change_repository(repository_id=number, wish=said, viewer=viewer, now=NOW)
        actions.fetch_due_repository(now=NOW)
        assert queries.repository(number).state == state, token
        if token == "wrong":
            assert "refused the user name or the token" in queries.repository(number).error


def test_a_token_is_encrypted_and_kept_for_its_host_only(team: Team, viewer: Viewer) -> None:
    first = wish(team, "https://git.example.org/a.git", token="s3cret")
    number = actions.add_repository(wish=first, viewer=viewer, now=NOW)
    assert "s3cret" not in str(list(JournalEntry.objects.values()))
    for url, has_token in (("https://git.example.org/b.git", True), ("https://a.example/b", False)):
        actions.change_repository(
            repository_id=number, wish=wish(team, url), viewer=viewer, now=NOW
        )
        assert queries.repository(number).has_token is has_token


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("404 Not Found", "There is no repository at this address"),
        ("403 Forbidden", "The server wants a user name and a token."),
        ("500 Internal Server Error", "The server answered 500."),
        ("big", "The newest commit is larger than 25 MB."),
        ("200 OK", "There is no Git repository at this address."),
    ],
)
def test_what_goes_wrong_is_said_in_words(
    server: GitServer, team: Team, viewer: Viewer, fault: str, said: str
) -> None:
    server.fault = (fault, "")
    found = queries.repository(connect(team, viewer, server.url))
    assert found.error.startswith(said)
    assert (found.state, found.failures, found.due_at) == ("failed", 1, LATER)


def test_a_branch_that_is_missing(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"a.md": "# A"}, branch="mainline")
    assert queries.repository(connect(team, viewer, server.url)).error == "There is no branch main."


def test_a_server_that_hangs_or_is_away(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.fault = ("hang", "")
    number = actions.add_repository(wish=wish(team, server.url), viewer=viewer, now=NOW)
    found = fetch(number, limit_s=0.3)
    assert found.error.startswith("127.0.0.1 did not answer within")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/a.git"
        said = wish(team, url)
        actions.change_repository(repository_id=number, wish=said, viewer=viewer, now=NOW)
        assert fetch(number).error.startswith("The request to 127.0.0.1 failed")


def test_the_guard_holds_for_addresses_and_redirects(
    server: GitServer, team: Team, viewer: Viewer
) -> None:
    found = queries.repository(connect(team, viewer, "https://10.1.2.3/a.git"))
    assert found.error.startswith("10.1.2.3 is at 10.1.2.3, which is not public.")
    place = "http://169.254.169.254/info/refs?service=git-upload-pack"
    server.fault = ("302 Found", place)
    found = queries.repository(connect(team, viewer, server.url, name="other"))
    assert found.error.startswith("169.254.169.254 is at 169.254.169.254, which is not public.")
    server.fault = ("302 Found", f"{server.url}/info/refs?service=git-upload-pack")
    found = queries.repository(connect(team, viewer, server.url, name="loop"))
    assert found.error == "The address leads from one to the next and never arrives."
    server.fault = ("302 Found", "/login")
    found = queries.repository(connect(team, viewer, server.url, name="login"))
    assert found.error.startswith("The server leads to a page, as for signing in.")
    server.fault = ("302 Found", "http://[")
    found = queries.repository(connect(team, viewer, server.url, name="broken"))
    assert found.error == "It leads to an address that is none."


def test_a_redirect_to_another_host_is_not_told_the_token(
    server: GitServer, team: Team, viewer: Viewer, tmp_path: Path
) -> None:
    with git_server(tmp_path / "other.git") as other:
        other.commit({"a.md": "# A"})
        server.fault = (
            "301 Moved Permanently",
            f"{other.url}/info/refs?service=git-upload-pack",
        )
        number = connect(team, viewer, server.url, token="s3cret")
        assert queries.repository(number).state == "ok"
        assert {said for _, said in other.asked} == {""}
        assert {bool(said) for _, said in server.asked} == {True}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": "x"}, "There is no Markdown file (.md) in it."),
        ({f"{number}.md": "x" for number in range(1001)}, "It has more than 1,000 files."),
        ({"big.md": "x" * 100_001}, "big.md: It has more than 100,000 characters."),
        ({"latin.md": b"\xff\xfe\xfa"}, "latin.md: This is not a text in UTF-8."),
        ({"marks.md": "<<<<<<< yours\na\n>>>>>>> saved meanwhile"}, "marks.md: Two texts clash"),
        ({"a.md": "x", "zeros.bin": bytes(100_000_001)}, "Unpacked, the newest commit has over"),
    ],
    ids=("none", "many", "long", "latin", "marks", "bomb"),
)
def test_what_is_too_much_or_no_text_changes_nothing(
    server: GitServer, team: Team, viewer: Viewer, files: dict[str, Any], said: str
) -> None:
    server.commit({"a.md": "# A"})
    number = connect(team, viewer, server.url)
    server.commit(files)
    found = fetch(number)
    assert said in found.error
    assert (found.state, found.counts["added"]) == ("failed", 1)
    assert list(Runbook.objects.values_list("title", "archived_at")) == [("A", None)]


def test_failures_in_a_row_are_told_once(server: GitServer, team: Team, viewer: Viewer) -> None:
    number = connect(team, viewer, server.url)
    assert fetch(number).failures == 2
    assert not Notice.objects.exists()
    for _ in range(3):
        fetch(number)
    notice = Notice.objects.filter(kind="inbox").get()
    assert notice.content["title"] == "Runbooks cannot be fetched: ops"
    assert JournalEntry.objects.filter(kind="runbooks.repository_failing").count() == 1
    server.commit({"a.md": "# A"})
    assert (fetch(number).failures, fetch(number).state) == (0, "ok")


def test_a_worker_that_died_is_replaced(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"a.md": "# A"})
    number = actions.add_repository(wish=wish(team, server.url), viewer=viewer, now=NOW)
    Repository.objects.update(claimed_until=NOW + timedelta(minutes=3))
    early = actions.fetch_due_repository(now=NOW + timedelta(minutes=2))
    assert (early.done, early.next_due) == (0, NOW + timedelta(minutes=3))
    assert actions.fetch_due_repository(now=NOW + timedelta(minutes=3)).done == 1
    assert queries.repository(number).state == "ok"


def test_removing_one_keeps_its_runbooks(server: GitServer, team: Team, viewer: Viewer) -> None:
    server.commit({"a.md": "# A"})
    number = connect(team, viewer, server.url)
    actions.remove_repository(repository_id=number, now=NOW, actor="system")
    assert not Source.objects.exists()
    assert Runbook.objects.get().source_id is None
    with pytest.raises(errors.RepositoryNotFound):
        queries.repository(number)


def test_names_are_taken_once_by_folders_and_repositories(team: Team, viewer: Viewer) -> None:
    said = wish(team, "https://git.example.org/a.git")
    actions.add_repository(wish=said, viewer=viewer, now=NOW)
    with pytest.raises(errors.RepositoryUnclear, match="of this name"):
        actions.add_repository(wish=said, viewer=viewer, now=NOW)
    with pytest.raises(errors.RunbookUnclear, match="A Git repository has this name"):
        actions.receive_folder(
            name="ops", team_id=team.pk, body=folder({"a.md": "x"}), now=NOW, actor="system"
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("url", "git@git.example.org:a.git"),
        ("url", "http://git.example.org/a.git"),
        ("url", "http://93.184.215.14/a.git"),
        ("url", "https://ada:s3cret@git.example.org/a.git"),
        ("url", "https://git.example.org/a.git?x=1"),
        ("branch", "a..b"),
        ("branch", ""),
        ("path", "../up"),
        ("user_name", "a:b"),
        ("token", "a b"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(
    team: Team, viewer: Viewer, field: str, value: str
) -> None:
    said = wish(team, **{"url": "https://git.example.org/a", field: value})
    with pytest.raises(errors.RepositoryUnclear) as caught:
        actions.add_repository(wish=said, viewer=viewer, now=NOW)
    assert caught.value.field == field


def test_a_list_takes_one_query(team: Team, viewer: Viewer, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        for index in range(count):
            said = wish(team, "https://git.example.org/a", name=f"{count}-{index}")
            actions.add_repository(wish=said, viewer=viewer, now=NOW)
        with django_assert_num_queries(1):
            assert len(queries.repositories([team.pk])) in {1, 4}
