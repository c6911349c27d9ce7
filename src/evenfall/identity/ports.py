"""What the audit asks of the domains above."""

from collections.abc import Callable, Collection

type ReadSubjects = Callable[[], Collection[str]]

_hidden: list[ReadSubjects] = []


def register_hidden(read: ReadSubjects) -> None:
    """Leave facts about these subjects out of the audit; `read` knows who asks."""
    _hidden.append(read)


def hidden_subjects() -> list[str]:
    """Return the subjects, such as "incident:17", of which whoever asks must not learn."""
    return sorted(subject for read in _hidden for subject in read())
