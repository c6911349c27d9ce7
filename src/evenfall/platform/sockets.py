"""What a socket that is kept for later says of its other end."""

import select


def is_readable(number: int) -> bool:
    """Whether a read of this file descriptor would return at once.

    An idle connection can be read once its server has left, or said what nobody asked for.
    """
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    return bool(waiting.poll(0))
