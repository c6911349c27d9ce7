"""Templates: sections with prompts, as Markdown that people can edit.

A line `## Title` begins a section; what stands below is its prompt, shown to whoever writes.
`## Timeline {timeline}` lets the draft fill the section in; the words are those of `Fill`.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Review, Sev, duty

MOST_SECTIONS: Final = 40
TITLE_LENGTH: Final = 120
_HEADING = re.compile(r"##\s+(?P<title>.*?)\s*(?:\{(?P<fill>[^{}]*)\})?\s*")


class Fill(StrEnum):
    """What a draft can fill a section with."""

    IMPACT = "impact"
    TIMELINE = "timeline"
    PARTICIPANTS = "participants"
    ALERTS = "alerts"
    CHANGES = "changes"
    DURATIONS = "durations"
    COMMUNICATION = "communication"


class Kind(StrEnum):
    FULL = "full"
    LIGHT = "light"
    UAT = "uat"
    DEV = "dev"


LABELS: Final = {
    Kind.FULL: "Full, for SEV1 and SEV2",
    Kind.LIGHT: "Light, for anything less",
    Kind.UAT: "UAT: before the release",
    Kind.DEV: "DEV: where we build",
}


class SectionDraft(Struct, frozen=True):
    """A section before anybody wrote in it."""

    title: str
    prompt: str = ""
    fill: Fill | None = None


def kind_for(severity: Sev, environment: Environment) -> Kind:
    """The template for an incident: by environment first, in production by severity."""
    if environment is Environment.UAT:
        return Kind.UAT
    if environment is Environment.DEV:
        return Kind.DEV
    return Kind.FULL if duty(severity).review is Review.FULL else Kind.LIGHT


def sections(text: str) -> list[SectionDraft]:
    """Read a template; text above the first section is left out."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            found.append((heading, []))
        elif found:
            found[-1][1].append(line)
    return [_section(heading, lines) for heading, lines in found]


def problems(text: str) -> Sequence[str]:
    """What is wrong with a template, in words; nothing for a good one."""
    headings = [match for line in text.splitlines() if (match := _HEADING.fullmatch(line))]
    titles = [match["title"] for match in headings]
    found = []
    if not titles:
        found.append("It has no section. Begin each with a line such as “## Summary”.")
    if len(titles) > MOST_SECTIONS:
        found.append(f"It has {len(titles)} sections; {MOST_SECTIONS} are the most.")
    found += [
        f"The title “{title[:40]}” is empty or too long."
        for title in titles
        if not 0 < len(title) <= TITLE_LENGTH
    ]
    if len({title.casefold() for title in titles}) < len(titles):
        found.append("Two sections have the same title.")
    unknown = {match["fill"] for match in headings if match["fill"] is not None} - set(Fill)
    words = ", ".join(Fill)
    found += [f"“{{{word}}}” fills nothing in. Known are {words}." for word in sorted(unknown)]
    return found


def _section(heading: re.Match[str], lines: Sequence[str]) -> SectionDraft:
    fill = heading["fill"]
    return SectionDraft(
        title=heading["title"],
        prompt="\n".join(lines).strip(),
        fill=Fill(fill) if fill in set(Fill) else None,
    )


_UPPER = """## Summary
Three lines: what happened, who felt it, how it ended.

## Impact {impact}
For each group of users: how many, what they could not do, for how long. Requests, money and
support tickets as far as known; write “unknown” where they are not.

## Timeline {timeline}
Times come from the journal. Add what only people know; say so where a time is an estimate.
"""
_LOWER = """## Contributing factors
Several, never one. For each: what was it, and why did it make sense at that time?

## What went well
What should we do the same way next time?

## Where we were lucky
What could have made it worse, and only by chance did not?
"""
DEFAULTS: Final = {
    Kind.FULL: f"""{_UPPER}
## Who took part {{participants}}
Roles tell more than names. Who joined late because nobody told them?

## Detection, response, recovery {{durations}}
What told us, and how long did it take? What helped, what confused?

## Alerts {{alerts}}
Which one should have come earlier? Which were noise?

## Changes before {{changes}}
What was deployed or configured in the day before?

{_LOWER}
## What surprised us
Where did the system, or we, work in another way than we believed?

## Runbooks
Which was used, which was missing, which was wrong?

## Communication {{communication}}
Were updates sent when promised? Who heard of it too late?

## Public version
What customers may read. It leaves this installation only if you publish it to the public.
""",
    Kind.LIGHT: f"""{_UPPER}
## How long it took {{durations}}
What told us, and how long did it take?

{_LOWER}""",
    Kind.UAT: f"""{_UPPER}
## Which gate should have caught it
Which test, review or check ran before, and what did it not see?

## Did it reach production
Yes or no, and how we know.

## Changes before {{changes}}
Which release, which configuration?

## Test data
Which data were used, and what of production did they lack?

## Decision about the release
Who decided what, and on what grounds?

{_LOWER}""",
    Kind.DEV: f"""## Summary
Two lines: what was broken, for whom.

## Who was blocked {{durations}}
How many people, for how many hours?

## Who owns the environment
A team, and how to reach it.

## Timeline {{timeline}}
Times come from the journal.

## The fix in our tooling
What makes it impossible, or visible at once, next time?

{_LOWER}""",
}
