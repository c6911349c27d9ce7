"""Runs an action with what a form holds, and shows in the form what the action refuses."""

from collections.abc import Callable

from django import forms

from evenfall.platform.errors import Conflict, Invalid


def attempt[T](form: forms.Form, act: Callable[[], T]) -> T | None:
    """Return what the action returns; None where the form or the action refuses."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except Conflict as error:
        form.add_error(None, error.message)
    return None
