"""How names and values are written in a condition."""

import keyword


def lookup_of(kind: str, key: str) -> str:
    """Return ``labels.team`` or, for a key that is no name, ``labels["a/b"]``."""
    if not key:
        return kind
    if key.isascii() and key.isidentifier() and not keyword.iskeyword(key):
        return f"{kind}.{key}"
    return f"{kind}[{text_of(key)}]"


def text_of(value: str) -> str:
    """Return a text in quotation marks, as a condition can read it."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(map(_shown, quoted))}"'


def _shown(letter: str) -> str:
    """Line ends and what nobody can see are written by number."""
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
