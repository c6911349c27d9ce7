"""Tags of the component library."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from msgspec.structs import replace

from evenfall.oncall.queries import DutyView, RotaNow, RotaView, TeamBoard
from evenfall.platform.pages import Page


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values)).strip()


def reader(zone: str) -> SimpleNamespace:
    return SimpleNamespace(viewer=SimpleNamespace(time_zone=zone))


def test_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')
    assert 'role="img" aria-label="Inbox"' in render('{% icon "bell" label="Inbox" %}')


def test_badge_has_icon_word_and_tone() -> None:
    drawn = render('{% badge "critical" %}')
    assert "is-critical" in drawn
    assert "#critical" in drawn
    assert "Critical</span>" in drawn


def test_badge_with_a_title_is_one_tag() -> None:
    drawn = render('{% badge "critical" "Now" title=tip %}', tip='of "Ada"')
    assert drawn.startswith('<span title="of &quot;Ada&quot;" class="badge is-')
    assert drawn.endswith("Now</span>")
    assert drawn.count("&quot;") == 2


def test_badge_of_nothing_is_nothing() -> None:
    assert render("{% badge value %}", value=None) == ""


def test_badge_escapes_words_it_does_not_know() -> None:
    assert "&lt;b&gt;" in render("{% badge value %}", value="<b>")


def test_time_shows_the_readers_zone_and_the_other_on_hover() -> None:
    value = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    drawn = render('{% time value "full" %}', value=value, request=reader("Europe/Berlin"))
    assert 'datetime="2027-01-13T14:00:00+00:00"' in drawn
    assert "15:00 Europe/Berlin · 14:00 UTC" in drawn


def test_time_without_a_reader_is_utc() -> None:
    value = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    assert ">14:00</time>" in render('{% time value "clock" %}', value=value)


def test_relative_time_ticks() -> None:
    value = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    assert " data-relative>" in render('{% time value "relative" %}', value=value)
    assert ' data-relative="lasting">' in render('{% time value "lasting" %}', value=value)


def test_time_of_nothing_is_never() -> None:
    assert "never" in render("{% time value %}", value=None)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("{{ None|duration }}", "-"),
        ("{{ 4321|duration }}", "1~h~12~min"),
        ("{{ None|exactly }}", "-"),
        ("{{ 90|exactly }}", "1~min~30~s"),
        ("{{ 90|minutes }}", "1~h~30~min"),
        ("{{ 2430|business_minutes }}", "40~h~30~min"),
        (
            "{{ '7.4 % in 30 s, 2 sides'|unbroken }}",
            "7.4~% in 30~s, 2 sides",
        ),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(words: str, shown: str) -> None:
    assert render(words) == shown.replace("~", "\N{NO-BREAK SPACE}")


def test_avatar_hides_itself_from_screen_readers() -> None:
    drawn = render('{% avatar "Ada Lovelace" "s" %}')
    assert ">AL</span>" in drawn
    assert 'aria-hidden="true"' in drawn


def test_labels_escape_both_sides() -> None:
    drawn = render("{% labels pairs %}", pairs={"b": "<i>", "a": "1"})
    assert "<i>" not in drawn
    assert drawn.index("<b>a</b>") < drawn.index("<b>b</b>")


def test_card_keeps_its_content_and_escapes_its_title() -> None:
    drawn = render("{% card title %}<p>in</p>{% endcard %}", title="<x>")
    assert "<p>in</p>" in drawn
    assert "<h2>&lt;x&gt;</h2>" in drawn


def test_what_comes_later_has_a_link_until_then() -> None:
    drawn = render('{% later url name "How fast" %}', url="/b/?a=1&b=2", name="<Burn>")
    assert 'hx-get="/b/?a=1&amp;b=2" hx-trigger="load" hx-select="unset"' in drawn
    assert "<h2>&lt;Burn&gt;</h2>" in drawn
    assert '<a href="/b/?a=1&amp;b=2">How fast</a>' in drawn
    assert '<a href="/c/">' in render('{% later "/b/" "Burn" "How fast" href="/c/" %}')


def test_what_may_be_nothing_is_not_seen_before_it_comes() -> None:
    assert render('{% later "/b/" %}').startswith('<div hidden hx-get="/b/"')


def test_what_unfolds_is_fetched_once_and_has_a_link_until_then() -> None:
    drawn = render('{% unfold "/days/" "As a table" "See each day" %}')
    assert 'hx-trigger="toggle once" hx-target="find p"' in drawn
    assert '<summary>As a table</summary><p><a href="/days/">See each day</a></p>' in drawn


def test_copyable_shows_code_as_text() -> None:
    drawn = render("{% copyable %}{{ code }}{% endcopyable %}", code="<b>")
    assert "&lt;b&gt;" in drawn
    assert "data-copy" in drawn


def test_pagination_keeps_the_filters() -> None:
    page = Page[int](items=[], next_cursor="xyz", previous_cursor=None)
    request = RequestFactory().get("/alerts/", {"severity": "critical", "cursor": "old"})
    drawn = render("{% pagination page %}", page=page, request=request)
    assert "?severity=critical&amp;cursor=xyz" in drawn
    assert "Previous" not in drawn


def test_pagination_of_one_page_is_nothing() -> None:
    page = Page[int](items=[], next_cursor=None, previous_cursor=None)
    assert render("{% pagination page %}", page=page) == ""


class RotaForm(forms.Form):
    name = forms.CharField(help_text="As people say it.")
    note = forms.CharField(required=False)
    weekends = forms.BooleanField(required=False)
    urgency = forms.ChoiceField(widget=forms.RadioSelect, choices=[("high", "High")])


def test_field_ties_label_help_and_error_to_the_input() -> None:
    drawn = render("{% field form.name %}", form=RotaForm(data={}))
    assert '<label for="id_name">' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "id_name_helptext" in drawn.split("aria-describedby=")[1]


def test_field_says_what_is_optional() -> None:
    assert "optional" in render("{% field form.note %}", form=RotaForm())
    assert "optional" not in render("{% field form.name %}", form=RotaForm())


def test_field_puts_a_checkbox_before_its_label() -> None:
    drawn = render("{% field form.weekends %}", form=RotaForm())
    assert drawn.index("<input") < drawn.index("<label")


def test_field_groups_radio_buttons() -> None:
    assert "<legend>Urgency</legend>" in render("{% field form.urgency %}", form=RotaForm())


def test_a_piece_shows_what_it_is_told_in_the_readers_zone() -> None:
    value = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
    board = TeamBoard(team_id=1, team_name="Core & <b>", team_slug="core", rotas=(line(value),))
    source = '{% piece "oncall/parts/rota_rows.html" board=board %}'
    here = render(source, board=board, request=reader("Europe/Berlin"))
    assert "Core &amp; &lt;b&gt;" in here
    assert "15:00 Europe/Berlin" in here
    assert "14:00 UTC" in render(source, board=board, request=reader("UTC"))
    assert here == render(source, board=replace(board), request=reader("Europe/Berlin"))
    assert "Ben" in render(source, board=replace(board, rotas=(line(value, "Ben"),)))


def test_a_piece_sees_nothing_of_the_request() -> None:
    source = '{% piece "oncall/parts/take_form.html" %}'
    assert "csrf" not in render(source, csrf_token="secret", request=reader("UTC"))


def line(until: datetime, name: str = "Ada") -> RotaNow:
    rota = RotaView(id=1, team_id=1, name="W", description="", time_zone="UTC", coverage=[])
    duty = DutyView(user_id=1, name=name, starts_at=until, ends_at=until, why="")
    return RotaNow(rota=rota, primary=duty, lieutenant=None, next_primary=None, why_nobody="")
