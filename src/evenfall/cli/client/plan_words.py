"""A plan in words: for a terminal, and as Markdown for a pull request."""

import re
from collections.abc import Iterator
from typing import Any, Final

from evenfall.cli.client.tables import table

_MOST_SHOWN: Final = 60
_SIGNS: Final = {"create": "+", "update": "~", "delete": "-"}
_HEAD: Final = ["WHO", "AS IT IS", "PROPOSED", "NIGHTS AS IT IS", "NIGHTS PROPOSED"]
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~@])")

type Document = dict[str, Any]


def words(found: Document, url: str) -> str:
    """A plan in words: problems by file and line, else every change with what differs."""
    if found["problems"]:
        lines = [_problem(one) for one in found["problems"]]
        return "\n".join([*lines, "", f"{len(lines)} to mend; nothing was changed."])
    lines = [line for change in found["changes"] for line in _changed(change)]
    lines += [
        f"= {thing} is there just so, and is managed from now on" for thing in found["adopted"]
    ]
    lines += [f"  {thing} is over and left out" for thing in found["over"]]
    lines += [f"key of {thing}, shown only now: {key}" for thing, key in found["keys"].items()]
    if not lines:
        return "Nothing to change."
    return "\n".join([*lines, "", _sum(found), *_effect(found["effect"], url)])


def _problem(one: Document) -> str:
    where = f"{one['file']}:{one['line']}: " if one["file"] else ""
    return f"{where}{one['what']}: {one['message']}"


def _sum(found: Document) -> str:
    steps = [change["step"] for change in found["changes"]]
    said = ", ".join(f"{steps.count(step)} to {step}" for step in _SIGNS if step in steps)
    return (said or "Nothing to change") + "."


def _changed(change: Document) -> Iterator[str]:
    yield f"{_SIGNS[change['step']]} {change['thing']}"
    if change["step"] == "delete":
        return
    for one in change["fields"][:_MOST_SHOWN]:
        yield f"    {field_words(one, is_new=change['step'] == 'create')}"
    more = len(change["fields"]) - _MOST_SHOWN
    if more > 0:
        yield f"    and {more} more"


def field_words(one: Document, *, is_new: bool) -> str:
    if is_new:
        return f"{one['path']}: {one['after']}"
    before, after = (_there(one[end]) for end in ("before", "after"))
    return f"{one['path']}: {before} -> {after}"


def _there(value: object) -> str:
    return "(not there)" if value is None else str(value)


def _effect(effect: Document | None, url: str) -> Iterator[str]:
    """What it would have done to people, if that was asked."""
    if effect is None:
        return
    yield ""
    yield _effect_title(effect)
    if effect["reason"]:
        yield f"    Not replayed: {effect['reason']}"
    else:
        yield f"    {effect['headline']}"
        yield from (f"    {line}" for line in _figures(effect))
    if effect["people"]:
        yield from ("", table(_HEAD, _people(effect)), "")
    yield from (f"    Not replayed: {one['thing']}. {one['reason']}" for one in effect["left_out"])
    if effect["what_if_id"] is not None:
        yield f"    All of it: {_address(effect, url)}"


def _effect_title(effect: Document) -> str:
    days = f"{effect['days']} day{'' if effect['days'] == 1 else 's'}"
    alerts = f" ({effect['alerts']} alerts replayed)" if effect["alerts"] else ""
    return f"With it, in the last {days}{alerts}:"


def _figures(effect: Document) -> Iterator[str]:
    for name, one in effect["figures"].items():
        if one["as_is"] or one["proposed"]:
            yield f"{name}: {one['as_is']} -> {one['proposed']}"


def _people(effect: Document) -> list[list[str]]:
    return [
        [
            one["name"],
            *(
                str(one[what][side])
                for what in ("pages", "by_night")
                for side in ("as_is", "proposed")
            ),
        ]
        for one in effect["people"]
    ]


def _address(effect: Document, url: str) -> str:
    return f"{url}/what-if/{effect['what_if_id']}/"


def markdown(found: Document, url: str) -> str:
    """The plan for a comment: the effect first, the changes to unfold, no name that can format."""
    bare = words(found | {"effect": None}, url)
    lines = [f"### Evenfall: plan of {_plain(found['bundle'])}", ""]
    lines += _markdown_effect(found["effect"], url)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", bare)), 3)
    title = f"{len(found['problems'])} to mend" if found["problems"] else _sum(found)
    return "\n".join(
        [
            *lines,
            f"<details{' open' if found['problems'] else ''}><summary>{title}</summary>",
            "",
            f"{fence}diff",
            _as_diff(bare),
            fence,
            "",
            "</details>",
            "",
        ]
    )


def _markdown_effect(effect: Document | None, url: str) -> Iterator[str]:
    if effect is None:
        return
    said = effect["reason"] or effect["headline"]
    yield f"**{_plain(_effect_title(effect))}** {_plain(said)}"
    yield ""
    if effect["people"]:
        yield "| Who | Pages | By night |"
        yield "|---|---:|---:|"
        for one in effect["people"]:
            pages, nights = one["pages"], one["by_night"]
            yield (
                f"| {_plain(one['name'])} | {pages['as_is']} → {pages['proposed']} "
                f"| {nights['as_is']} → {nights['proposed']} |"
            )
        yield ""
    for one in effect["left_out"]:
        yield f"- Not replayed: {_plain(one['thing'])}. {_plain(one['reason'])}"
    if effect["what_if_id"] is not None:
        yield f"- [Whom, when and why]({_address(effect, url)})"
    yield ""


def _plain(text: str) -> str:
    """Text that stays text: no mention, link, table or tag comes out of a name."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _as_diff(text: str) -> str:
    """Changed things marked as a diff colours them."""
    return "\n".join(f"!{line[1:]}" if line.startswith("~ ") else line for line in text.split("\n"))
