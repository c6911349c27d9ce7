"""What can go wrong in the client; the message says what to do, the code is the exit code."""

from typing import ClassVar


class ClientError(Exception):
    """The server refused."""

    exit_code: ClassVar[int] = 1


class NotSetUp(ClientError):
    """Usage or configuration is wrong."""

    exit_code: ClassVar[int] = 2


class NotReachable(ClientError):
    """No answer of an Evenfall server."""

    exit_code: ClassVar[int] = 3


class NotAllowed(ClientError):
    """Not signed in, or without the right."""

    exit_code: ClassVar[int] = 4
