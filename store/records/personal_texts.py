"""Personal data in what people write: found before it is saved."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np

from store.personal import LABELS, Hit, scan
from store.settings import PROJECT

#: Written by the program itself: codes, check sums and addresses of its own pages.
WRITTEN_BY_PROGRAM = frozenset(
    {"about_table", "buffer_id", "build", "control_id", "link", "media_type", "place_id", "sha256"}
)
#: Kinds that may stand where people are named on purpose: a person who is met through work has a name and a telephone.
_OF_A_CONTACT = {"namn", "telefon", "epost"}
#: How much of what was found is shown: enough to find it, too little to spread it.
_SHOWN = 2


def personal(texts: Sequence[str], naming: Collection[int] = ()) -> dict[int, str]:
    """The personal data that texts hold, masked, in Swedish: position of the text -> «telefon (07…)».

    Names, telephone numbers and e-mail addresses are let through in the texts ``naming``: people are named there.
    Names of the municipalities' own places, also after a first name (Max Hallstavik), are no names of people.
    """
    told = {}
    for at, hits in scan(np.array(texts, dtype=object)).items():
        text = texts[at]
        seen = [hit for hit in hits if not (at in naming and hit.kind in _OF_A_CONTACT) and not _is_place(text, hit)]
        if seen:
            told[at] = ", ".join(f"{LABELS[hit.kind]} ({_masked(text[hit.start : hit.end])})" for hit in seen)
    return told


def _masked(found: str) -> str:
    return f"{found[:_SHOWN]}…"


def _is_place(text: str, hit: Hit) -> bool:
    return hit.kind == "namn" and text[hit.start : hit.end].split()[-1].casefold().removesuffix("s") in _places()


@cache
def _places() -> frozenset[str]:
    """Words of the names of the places that ``config/`` knows, lower case without genitive."""
    words: set[str] = set()
    for file in (PROJECT / "config").glob("*.toml"):
        for district in tomllib.loads(file.read_text("utf-8")).get("districts", []):
            names = (district["name"], *district.get("aliases", []))
            words.update(word.removesuffix("s") for name in names for word in name.casefold().split())
    return frozenset(words)
