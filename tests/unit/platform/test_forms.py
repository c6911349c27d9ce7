import pytest
from django import forms

from evenfall.platform.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from evenfall.platform.forms import attempt


class _Named(forms.Form):
    name = forms.CharField()


class _NameTaken(Invalid):
    """This name is taken. Choose another."""


def _refuse(error: DomainError) -> None:
    raise error


def test_attempt_returns_what_the_action_returns() -> None:
    form = _Named({"name": "Checkout"})
    assert attempt(form, lambda: form.cleaned_data["name"]) == "Checkout"


def test_attempt_does_not_run_the_action_with_an_invalid_form() -> None:
    form = _Named({})
    assert attempt(form, lambda: _refuse(NotFound())) is None
    assert "name" in form.errors


def test_attempt_shows_a_wrong_value_at_its_field() -> None:
    form = _Named({"name": "Checkout"})
    assert attempt(form, lambda: _refuse(_NameTaken(field="name"))) is None
    assert form.errors["name"] == ["This name is taken. Choose another."]


@pytest.mark.parametrize(
    "error",
    [_NameTaken(field="team"), _NameTaken(), Conflict(), Forbidden()],
    ids=["other field", "no field", "conflict", "forbidden"],
)
def test_attempt_shows_everything_else_above_the_form(error: DomainError) -> None:
    form = _Named({"name": "Checkout"})
    assert attempt(form, lambda: _refuse(error)) is None
    assert form.non_field_errors() == [error.message]


def test_attempt_lets_other_errors_pass() -> None:
    with pytest.raises(NotFound):
        attempt(_Named({"name": "Checkout"}), lambda: _refuse(NotFound()))
