import re

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from evenfall.platform.selects import Renderer

CHOICES = [
    ("", "None <yet>"),
    ("Europe", [("b", "Berlin & around"), ("p", "Paris")]),
    ("u", "UTC"),
    (3, "Three"),
]


class Form(forms.Form):
    zone = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs={"data-x": '"'}))
    open_at = forms.TypedChoiceField(choices=CHOICES, required=False, coerce=str)
    many = forms.MultipleChoiceField(choices=CHOICES)


def _lines(form: forms.Form, renderer: DjangoTemplates) -> list[str]:
    form.renderer = renderer
    html = "".join(str(form[name]) for name in form.fields)
    return [line.strip() for line in re.split(r"\n|(?=<option|</option)", html) if line.strip()]


def test_a_select_says_what_the_template_of_django_says() -> None:
    for data in ({}, {"zone": "b", "open_at": "3", "many": ["p", "u"]}):
        ours = _lines(Form(data), Renderer())
        assert ours == _lines(Form(data), DjangoTemplates())
        assert any("<select" in line for line in ours)


def test_what_is_no_select_is_rendered_as_before() -> None:
    field = forms.CharField().get_bound_field(forms.Form(renderer=Renderer()), "name")
    assert str(field) == '<input type="text" name="name" required id="id_name">'


def test_a_label_that_is_safe_is_not_taken_for_one_that_only_reads_the_same() -> None:
    for label, shown in (("<b>", "&lt;b&gt;"), (SafeString("<b>"), "<b>"), ("<b>", "&lt;b&gt;")):
        field = forms.ChoiceField(choices=[("x", label)])
        bound = field.get_bound_field(forms.Form(renderer=Renderer()), "name")
        assert f'<option value="x">{shown}</option>' in str(bound)
