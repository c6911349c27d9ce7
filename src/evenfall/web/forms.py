"""What a newcomer fills in on Tonight. Rules live in the actions; a form only reads and shows."""

from collections.abc import Callable

from django import forms

from evenfall.platform.errors import Conflict, Invalid


class BeginForm(forms.Form):
    """A team and what it looks after: enough to be on call."""

    team = forms.CharField(max_length=120, help_text="Who shares the evenings.")
    service = forms.CharField(max_length=120, help_text="What they look after.")


def attempt[T](form: forms.Form, act: Callable[[], T]) -> T | None:
    """Run an action; None where the form or the action refuses, which is shown in the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except (Invalid, Conflict) as error:
        form.add_error(None, error.message)
    return None
