import re

from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.markdown import TAGS
from evenfall.runbooks.logic import checklist
from evenfall.runbooks.logic.checklist import Task

TEXT = """# Restart

- [ ] drain **the node**
- [x] restart it
  - [ ] and watch
- not a task
- [ ] drain **the node**

```
- [ ] an example
```

```step
- [ ] left for steps that run by themselves
```
"""


def test_tasks_are_the_list_items_with_a_box_outside_of_blocks() -> None:
    words = [task.text for task in checklist.tasks(TEXT)]
    assert words == ["drain **the node**", "restart it", "and watch", "drain **the node**"]


def test_tasks_of_the_same_words_have_keys_of_their_own_that_survive_an_edit() -> None:
    before = [task.key for task in checklist.tasks(TEXT)]
    after = [task.key for task in checklist.tasks(f"A new line.\n\n{TEXT}\n- [ ] one more")]
    assert len(set(before)) == 4
    assert after[:4] == before


def test_to_html_draws_a_box_before_each_task() -> None:
    html = checklist.to_html(TEXT, lambda task: f"<i>{task.key}</i>")
    keys = re.findall("<i>([0-9a-f]{12})</i>", html)
    assert keys == [task.key for task in checklist.tasks(TEXT)]
    assert "<strong>the node</strong>" in html
    assert "[ ] an example" in html


def test_boxes_say_what_they_are_for() -> None:
    html = checklist.to_html('- [ ] say "hi" <now>', checklist.plain_box)
    assert 'aria-label="To do: say &quot;hi&quot; &lt;now&gt;"' in html


def test_cleaned_leaves_nothing_that_could_stand_for_a_box() -> None:
    assert checklist.cleaned("a\r\nb\rc\0\ue000x\ue001") == "a\nb\ncx"


def test_progress_counts_only_tasks_that_are_there() -> None:
    tasks = [Task("a", "A"), Task("b", "B"), Task("c", "C")]
    found = checklist.progress(tasks, frozenset({"a", "gone"}))
    assert (found.done, found.total, found.percent) == (1, 3, 33)
    assert checklist.progress([], frozenset()).percent == 0


@given(st.text("- []x\n`*<>a\ue000", max_size=80))
def test_to_html_makes_no_tag_but_the_allowed_ones(text: str) -> None:
    html = checklist.to_html(text, lambda _task: "")
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)) <= TAGS


def test_a_block_called_step_is_drawn_at_its_place_and_named_once() -> None:
    text = "a\n\n```step\nrestart\n```\n\n- [ ] look\n\n```step\nrestart\n```\n\n```sh\nls\n```\n"
    assert checklist.steps_in(text) == ("restart",)
    shown = checklist.to_html(text, lambda _: "[]", lambda name: f"<b>{name}</b>")
    assert shown.count("<b>restart</b>") == 2
    assert "<p><b>" not in shown
    assert "[]look" in shown
    assert "ls" in shown
    assert "restart" in checklist.to_html(text, lambda _: "[]")
