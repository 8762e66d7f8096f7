"""What each part of the generator hands back, and the randomness it draws from."""

from __future__ import annotations

import zlib
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.demo.truth import MadeFile
from store.intake import ColumnUse, Mapping

#: All files begin so, that nobody takes them for a sender's own.
PREFIX = "Exempel – "

#: What stands between the two rows of a header when they are read as one.
JOINED = " – "


@dataclass(frozen=True)
class Made:
    """A written file, and how it is to be read."""

    file: MadeFile
    mapping: Mapping


def rng_of(seed: int, part: str) -> np.random.Generator:
    """The randomness of one part: what other parts draw does not change it."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def uses(fields: Mapped[str, str]) -> tuple[ColumnUse, ...]:
    """Columns used as they are: header -> field."""
    return tuple(ColumnUse(header=header, field=field) for header, field in fields.items())


def picked(rng: np.random.Generator, options: Sequence[str], number: int, weights: Sequence[float] = ()) -> list[str]:
    """``number`` of the options, with these weights or alike."""
    share = np.array(weights or [1.0] * len(options), dtype=float)
    return [options[i] for i in rng.choice(len(options), number, p=share / share.sum())]
