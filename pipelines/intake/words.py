"""Cell texts in plain form, and the words by which senders say that there is nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DASH = "[\u2010-\u2015\u2212]"
#: Marks that cannot be seen but stick to what is copied out of other programs.
_MARK = "[\u200b-\u200f\u202a-\u202e\u2060\ufeff]"

_SPACES, _DASHES, _INVISIBLE = re.compile(r"\s+"), re.compile(_DASH), re.compile(_MARK)

_NOTHING = (
    "-|--|---|.|..|...|?|??|???|x|okänd|okänt|ej känt|ej känd|inte känt|vet ej|saknas|uppgift saknas|uppg saknas|"
    "uppg. saknas|ingen uppgift|ingen|inget|n/a|na|#n/a|#saknas!|null|none|nan|ej angivet|ej angiven|ej ifyllt|"
    "inte angivet|oklart|okänd tid|okänt datum|tid okänd|tom|(tom)|unknown"
)
#: Texts in plain form that say that nothing is known.
MISSING = frozenset(_NOTHING.split("|"))


def plain(text: str) -> str:
    """A text in lower case with single spaces, plain hyphens and composed letters, without invisible marks."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", _DASHES.sub("-", visible)).strip().lower()


def tidy(text: str) -> str:
    """A text as it is written, but with single spaces and without a full stop or an exclamation mark at its end."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip().rstrip(".! ")


def plain_array(array: pa.Array) -> pa.Array:
    """The same for a whole array of texts."""
    composed = pc.utf8_normalize(array, form="NFC")
    dashed = pc.replace_substring_regex(pc.replace_substring_regex(composed, _MARK, ""), _DASH, "-")
    return pc.utf8_lower(pc.utf8_trim_whitespace(pc.replace_substring_regex(dashed, r"[\s\p{Z}]+", " ")))


def text_array(texts: Sequence[str] | npt.NDArray[np.object_]) -> pa.Array:
    """Texts as an array; half a pair of surrogates, which is no letter, becomes the sign for that."""
    try:
        return pa.array(texts, type=pa.large_string())
    except UnicodeEncodeError:
        return pa.array([re.sub("[\ud800-\udfff]", "\ufffd", text) for text in texts], type=pa.large_string())
