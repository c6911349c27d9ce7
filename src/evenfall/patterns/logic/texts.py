"""Which texts are alike: TF-IDF and cosine, in sparse matrices, for thousands of texts at once.

Cosine = 0.7 * that of the words and pairs of words of the whole text + 0.3 * that of the sequences
of 3 to 5 letters of its first 25 words, the title being first. A term weighs
(1 + ln(times in the text)) * (1 + ln((1 + texts) / (1 + texts that have it))), and the weights of
a text have the length 1 (Salton and Buckley, "Term-weighting approaches in automatic text
retrieval", 1988). A term that more than a tenth of all texts have, and more than 200, tells nothing
and is left out.

Time and memory: the terms are bounded, and only a few hundred rows of the matrix of all pairs
exist at a time; 10,000 texts of 90 words take 14 s of one core and 350 MB. The library is an
extra, so it is imported where it is used.
"""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, Final

from msgspec import Struct

MOST_NEAR: Final = 5
LEAST: Final = 0.35
SHOWN_WORDS: Final = 5
MOST_TERMS: Final = 200_000
COMMON_SHARE: Final = 0.1
COMMON_LEAST: Final = 200
FIRST_WORDS: Final = 25
ROWS: Final = 250
_WORDS: Final = 0.7
_LETTERS: Final = 0.3


class Document(Struct, frozen=True, array_like=True):
    """One text: plain words in their order, with one space between, those of the title first."""

    number: int
    words: str


class Near(Struct, frozen=True, array_like=True):
    """Two texts that are alike, the lower number first: cosine, and the words that count most."""

    one: int
    other: int
    cosine: float
    words: tuple[str, ...]


def nearest(documents: Sequence[Document]) -> list[Near]:
    """For each text those that are most like it, at most five and 0.35 or more; each pair once.

    Raises ImportError without the extra.
    """
    from numpy import float32  # noqa: PLC0415 - comes with the extra
    from scipy.sparse import hstack  # noqa: PLC0415 - an extra, and slow to load
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - the same

    shape = {
        "lowercase": False,
        "sublinear_tf": True,
        "max_df": max(COMMON_LEAST, int(COMMON_SHARE * len(documents))),
        "max_features": MOST_TERMS,
        "dtype": float32,
    }
    by_words = TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 2), **shape)
    by_letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **shape)
    words = _matrix(by_words, [one.words for one in documents])
    first = [" ".join(one.words.split(" ", FIRST_WORDS)[:FIRST_WORDS]) for one in documents]
    letters = _matrix(by_letters, first)
    whole = hstack([words * _WORDS**0.5, letters * _LETTERS**0.5], format="csr")
    pairs = _best_pairs(whole)
    names = by_words.get_feature_names_out() if words.shape[1] else ()
    return [
        _near(documents, pair, pairs[pair], why)
        for pair, why in zip(pairs, _telling(words, list(pairs), names), strict=True)
    ]


def _matrix(vectorizer: Any, texts: Sequence[str]) -> Any:  # noqa: ANN401 - ships no types
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - an extra

    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # not one term, or only such as nearly all have
        return csr_matrix((len(texts), 0), dtype="float32")


def _best_pairs(whole: Any) -> dict[tuple[int, int], float]:  # noqa: ANN401 - ships no types
    """The cosine of the best pairs of rows, by their places, the lower first."""
    turned = whole.T.tocsr()
    found: dict[tuple[int, int], float] = {}
    for first in range(0, whole.shape[0], ROWS):
        block = whole[first : first + ROWS] @ turned
        for row in range(block.shape[0]):
            ends = slice(block.indptr[row], block.indptr[row + 1])
            for place, value in _best(block.indices[ends], block.data[ends], but=first + row):
                found[min(first + row, place), max(first + row, place)] = value
    return found


def _best(places: Any, values: Any, *, but: int) -> list[tuple[int, float]]:  # noqa: ANN401 - ships no types
    enough = (values >= LEAST) & (places != but)
    both = zip(values[enough].tolist(), places[enough].tolist(), strict=True)
    ranked = sorted(both, key=lambda one: (-one[0], one[1]))
    return [(place, min(1.0, value)) for value, place in ranked[:MOST_NEAR]]


def _telling(
    words: Any,  # noqa: ANN401 - ships no types
    pairs: Sequence[tuple[int, int]],
    names: Sequence[str],
) -> Iterator[tuple[str, ...]]:
    """Of each pair the words that gave most of its cosine, most first."""
    for some in batched(pairs, ROWS * 4):
        ones, others = zip(*some, strict=True)
        both = words[list(ones)].multiply(words[list(others)]).tocsr()
        for row in range(len(some)):
            ends = slice(both.indptr[row], both.indptr[row + 1])
            shares = zip(both.data[ends].tolist(), both.indices[ends].tolist(), strict=True)
            best = sorted(shares, key=lambda one: (-one[0], names[one[1]]))[:SHOWN_WORDS]
            yield tuple(str(names[place]) for _, place in best)


def _near(
    documents: Sequence[Document], pair: tuple[int, int], cosine: float, words: tuple[str, ...]
) -> Near:
    one, other = sorted(documents[place].number for place in pair)
    return Near(one, other, cosine, words)
