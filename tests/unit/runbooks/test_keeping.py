from msgspec.structs import replace

from evenfall.runbooks.logic.documents import Document
from evenfall.runbooks.logic.keeping import Known, Step, plan

FILE = Document(path="a.md", title="A", tags=(), owner="", services=(), text="one\ntwo\nthree")
KNOWN = Known(
    runbook_id=1,
    slug="a",
    path="a.md",
    imported_title="A",
    imported_tags=(),
    imported_text=FILE.text,
    title="A",
    tags=(),
    text=FILE.text,
    is_archived=False,
)


def test_plan_tells_what_is_new_as_it_was_and_gone() -> None:
    new = replace(FILE, path="b.md", text="another")
    gone = replace(KNOWN, path="c.md")
    old = replace(KNOWN, path="d.md", is_archived=True)
    steps = plan([FILE, new], [KNOWN, gone, old])
    assert [(one.path, one.step) for one in steps] == [
        ("a.md", Step.UNCHANGED),
        ("b.md", Step.ADDED),
        ("c.md", Step.REMOVED),
    ]


def test_plan_keeps_what_was_edited_here_when_the_file_is_as_it_was() -> None:
    (step,) = plan([FILE], [replace(KNOWN, text="edited here")])
    assert step.step is Step.UNCHANGED


def test_plan_puts_both_changes_together() -> None:
    file = replace(FILE, text="ONE\ntwo\nthree")
    (step,) = plan([file], [replace(KNOWN, text="one\ntwo\nTHREE")])
    assert (step.step, step.text) == (Step.CHANGED, "ONE\ntwo\nTHREE")
    assert step.why
    (plain,) = plan([file], [KNOWN])
    assert (plain.step, plain.text, plain.why) == (Step.CHANGED, file.text, "")


def test_plan_leaves_a_clash_to_people() -> None:
    file = replace(FILE, text="one\nfile\nthree")
    (step,) = plan([file], [replace(KNOWN, text="one\nhere\nthree")])
    assert (step.step, step.text) == (Step.CLASH, "one\nhere\nthree")


def test_plan_brings_an_archived_one_back() -> None:
    (step,) = plan([FILE], [replace(KNOWN, is_archived=True)])
    assert step.step is Step.CHANGED


def test_plan_follows_a_file_that_was_moved() -> None:
    moved = replace(FILE, path="b/a.md")
    (step,) = plan([moved], [replace(KNOWN, text="edited here")])
    assert (step.step, step.path, step.known and step.known.path, step.text) == (
        Step.UNCHANGED, "b/a.md", "a.md", "edited here",
    )  # fmt: skip
    assert step.why == "It was at a.md."
    (renamed,) = plan([replace(moved, title="B")], [KNOWN])
    assert (renamed.step, renamed.title, renamed.why) == (Step.CHANGED, "B", "It was at a.md.")


def test_plan_guesses_nothing_where_several_files_say_the_same() -> None:
    two = [replace(FILE, path="b.md"), replace(FILE, path="c.md")]
    assert [one.step for one in plan(two, [KNOWN])] == [Step.REMOVED, Step.ADDED, Step.ADDED]
    known = [KNOWN, replace(KNOWN, runbook_id=2, path="d.md")]
    assert [one.step for one in plan(two[:1], known)] == [Step.REMOVED, Step.ADDED, Step.REMOVED]
    archived = [replace(KNOWN, is_archived=True)]
    assert [one.step for one in plan(two[:1], archived)] == [Step.ADDED]
