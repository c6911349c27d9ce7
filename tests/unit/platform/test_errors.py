"""An error's docstring is its message."""

from evenfall.platform.errors import DomainError, Invalid, NotFound


class KettleMissing(NotFound):
    """No kettle {kettle_id}.
    Buy one.
    """

    code = "kitchen.kettle_missing"


def test_the_docstring_is_filled_and_folded() -> None:
    error = KettleMissing(kettle_id=7)
    assert str(error) == "No kettle 7. Buy one."
    assert (error.status, error.code) == (404, "kitchen.kettle_missing")
    assert isinstance(error, DomainError)


def test_invalid_names_the_field() -> None:
    error = Invalid(field="name", reason="A name has at most 80 letters.")
    assert (str(error), error.field) == ("A name has at most 80 letters.", "name")
