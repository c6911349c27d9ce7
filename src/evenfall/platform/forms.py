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


class NotFilledIn(Invalid):
    """{where}: {what}"""

    code = "form.not_filled_in"


def require_valid(*given: forms.BaseForm) -> None:
    """Raise `NotFilledIn` with the first thing that is wrong, for an answer that is no page."""
    for form in given:
        form.is_valid()
    for form in given:
        for name, errors in form.errors.items():
            where = form[name].label if name in form.fields else "The form"
            raise NotFilledIn(field=name, where=where, what=errors[0])
