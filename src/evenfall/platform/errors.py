"""One error root, one class per cause.

The docstring of a class is its message: it says what is wrong and what to do next, and is
filled with the keyword arguments given (``"No rota {rota_id}."``). ``code`` is stable and part of
the API; ``status`` is the HTTP status. Rendering happens in one place (config/errors.py).
"""

from typing import Any, ClassVar, override


class DomainError(Exception):
    """Something went wrong that a person can understand and mend."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, **params: Any) -> None:  # noqa: ANN401 - message parameters of any printable type
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        template = " ".join((type(self).__doc__ or "").split())
        return template.format(**self.params)

    @override
    def __str__(self) -> str:
        return self.message


class NotFound(DomainError):
    """This does not exist, or you may not see it. Check the address."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """Somebody changed this in the meantime. Reload and try again."""

    code = "conflict"
    status = 409


class Invalid(DomainError):
    """{reason}"""

    code = "invalid"
    status = 422

    def __init__(self, *, field: str | None = None, **params: Any) -> None:  # noqa: ANN401 - see DomainError
        self.field = field
        super().__init__(**params)


class Forbidden(DomainError):
    """You may not do this. Ask an administrator for the role it needs."""

    code = "forbidden"
    status = 403


class TooLarge(DomainError):
    """This is larger than {limit} bytes. Send less at once."""

    code = "too_large"
    status = 413


class Overloaded(DomainError):
    """Too much at once. Try again in {retry_after_s} seconds."""

    code = "overloaded"
    status = 503


class TooOften(DomainError):
    """You ask too often. Try again in {retry_after_s} seconds."""

    code = "too_often"
    status = 429
