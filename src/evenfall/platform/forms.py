"""Between a form and an action: what the action refuses is shown in the form."""

from collections.abc import Callable

from django import forms

from evenfall.platform.errors import Conflict, Forbidden, Invalid


def attempt[T](form: forms.Form, act: Callable[[], T]) -> T | None:
    """Return what `act` returns; None where the form or the action refuses.

    A wrong value is shown at its field if the form has it; everything else, a conflict and a
    missing permission too, above the form. `act` runs only with a valid form, so it may read
    `form.cleaned_data`. Other errors pass.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except (Conflict, Forbidden) as error:
        form.add_error(None, error.message)
    return None
