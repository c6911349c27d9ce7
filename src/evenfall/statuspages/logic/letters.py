"""What a message says, in a language and a time zone: a title, lines, and the same as a mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform import markdown
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscriber_words import words
from evenfall.statuspages.logic.subscribing import Topic

_PAGE: Final = """<!doctype html>
<html lang="{language}"><body style="font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px">
<p style="margin:0 0 4px;opacity:.75">{page}</p>
<h1 style="font-size:20px;margin:0 0 12px">{title}</h1>
{body}<p style="margin:16px 0"><a href="{url}" style="display:inline-block;padding:12px 20px;\
border:1px solid;border-radius:8px;text-decoration:none;font-weight:600">{label}</a></p>
{foot}</body></html>
"""
_FACT: Final = '<p style="margin:0 0 4px"><strong>{name}:</strong> {value}</p>\n'
_FOOT: Final = (
    '<p style="margin:24px 0 0;font-size:14px;opacity:.75">{why} '
    '<a href="{manage}">{choose}</a> · <a href="{leave}">{stop}</a></p>\n'
)


class Links(Struct, frozen=True, kw_only=True):
    """Absolute addresses. `manage` and `leave` are this subscriber's own, "" where not yet."""

    page: str
    manage: str = ""
    leave: str = ""
    confirm: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """What a bulletin says, before it is a mail or anything else.

    `facts` are names with values; `text` is Markdown, "" where there is nothing to add.
    """

    page: str
    title: str
    text: str
    facts: tuple[tuple[str, str], ...]
    language: Language

    @property
    def subject(self) -> str:
        return f"[{self.page}] {self.title}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Plain lines, the most important first."""
        found = (self.text, *(f"{name}: {value}" for name, value in self.facts))
        return tuple(line for line in found if line)


class Mail(Struct, frozen=True, kw_only=True):
    """A mail's words."""

    subject: str
    text: str
    html: str


def said(data: Mapping[str, Any], *, page: str, zone: str, language: Language) -> Said:
    """What the stored data of a bulletin says (see `actions.announcing`)."""
    phrase = words(language)
    is_work = data["topic"] == Topic.WORKS.value
    facts = _work_facts(data, zone, language) if is_work else _post_facts(data, zone, language)
    head = phrase[f"work_{data['told']}"] if is_work else _post_head(data, phrase)
    affected = _affected(data["components"], phrase)
    return Said(
        page=page,
        title=f"{head}: {data['title']}",
        text=data["text"],
        facts=((phrase["affects"], affected), *facts) if affected else facts,
        language=language,
    )


def mail(told: Said, links: Links) -> Mail:
    """The mail of a bulletin to one subscriber."""
    phrase = words(told.language)
    why = phrase["why"].format(page=told.page)
    facts = "\n".join(f"{name}: {value}" for name, value in told.facts)
    foot = f"-- \n{why}\n{phrase['manage']}: {links.manage}\n{phrase['unsubscribe']}: {links.leave}"
    parts = (told.title, told.text, facts, f"{phrase['open']}: {links.page}", foot)
    shown = "".join(
        _FACT.format(name=escape(name), value=escape(value)) for name, value in told.facts
    )
    html = _PAGE.format(
        language=told.language.value,
        page=escape(told.page),
        title=escape(told.title),
        body=(markdown.to_html(told.text) if told.text else "") + shown,
        url=escape(links.page),
        label=escape(phrase["open"]),
        foot=_foot(phrase, why, links),
    )
    return Mail(subject=told.subject, text=_joined(parts), html=html)


def confirmation(*, page: str, links: Links, language: Language) -> Mail:
    """The mail that asks whether the owner of the address wants to be told."""
    return _short("confirm", links.confirm, page=page, language=language)


def reminder_of_subscription(*, page: str, links: Links, language: Language) -> Mail:
    """The mail to an address that is told already."""
    return _short("known", links.manage, page=page, language=language)


def _short(name: str, url: str, *, page: str, language: Language) -> Mail:
    phrase = words(language)
    subject = phrase[f"{name}_subject"].format(page=page)
    text = phrase[f"{name}_text"].format(page=page)
    label = phrase["confirm" if name == "confirm" else "manage"]
    html = _PAGE.format(
        language=language.value,
        page=escape(page),
        title=escape(subject),
        body=f"<p>{escape(text)}</p>\n",
        url=escape(url),
        label=escape(label),
        foot="",
    )
    return Mail(subject=subject, text=_joined((text, f"{label}: {url}")), html=html)


def _foot(phrase: Mapping[str, str], why: str, links: Links) -> str:
    return _FOOT.format(
        why=escape(why),
        manage=escape(links.manage),
        choose=escape(phrase["manage"]),
        leave=escape(links.leave),
        stop=escape(phrase["unsubscribe"]),
    )


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _post_head(data: Mapping[str, Any], phrase: Mapping[str, str]) -> str:
    return phrase["post_retracted"] if data["told"] == "retracted" else phrase[data["state"]]


def _affected(components: Sequence[Mapping[str, Any]], phrase: Mapping[str, str]) -> str:
    """Only components that the post or the maintenance itself names."""
    return ", ".join(
        f"{one['name']} ({phrase[one['status']]})" if one.get("status") else one["name"]
        for one in components
    )


def _post_facts(
    data: Mapping[str, Any], zone: str, language: Language
) -> tuple[tuple[str, str], ...]:
    phrase = words(language)
    found = [(phrase["said"], _moment(data["said_at"], zone))]
    if data.get("next_update_at"):
        found.append((phrase["next"], _moment(data["next_update_at"], zone)))
    return tuple(found)


def _work_facts(
    data: Mapping[str, Any], zone: str, language: Language
) -> tuple[tuple[str, str], ...]:
    window = f"{_clock(data['starts_at'], zone)} \N{EN DASH} {_moment(data['ends_at'], zone)}"
    return ((words(language)["window"], window),)


def _clock(moment: str, zone: str) -> str:
    """A time that is read the same in every language."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _moment(moment: str, zone: str) -> str:
    return f"{_clock(moment, zone)} ({zone})"
