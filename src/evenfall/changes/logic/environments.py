"""What senders call an environment, and what we call it."""

from typing import Final

_KNOWN: Final = {
    "PROD": "prod production live prd",
    "UAT": "uat staging stage stg test testing qa preprod pre-production preproduction acceptance",
    "DEV": "dev development review preview sandbox local",
}
_BY_WORD: Final = {word: name for name, words in _KNOWN.items() for word in words.split()}
LENGTH: Final = 8


def environment_of(given: str) -> str:
    """Return PROD, UAT or DEV where the word means one of them, else the word itself, cut.

    "production/eu-1" and "review/fix-typo" are known by what stands before the slash; "eu-prod"
    and "prod-eu" by one of their parts.
    """
    text = given.strip()
    word = text.lower().partition("/")[0].strip()
    if word in _BY_WORD:
        return _BY_WORD[word]
    parts = [_BY_WORD[part] for part in word.replace("_", "-").split("-") if part in _BY_WORD]
    return parts[0] if parts else text[:LENGTH].upper()
