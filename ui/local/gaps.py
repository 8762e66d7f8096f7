"""What no delivery has said yet about a place, and which kind of spreadsheet would say it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class _Gap:
    """Something worth knowing: what, from which delivery, and how such a source is recognised when it has come."""

    what: str
    delivery: str
    kind: str
    titles: str


#: Senders name their sources themselves, so a source counts when its title says what it is.
_GAPS = (
    _Gap(
        "Vilka brott som anmälts här, när och var",
        "ett uttag från Polisen med DeSO eller adress för varje anmälan",
        "events", "polis|anmäl(?:ningar|da) brott|brottsutdrag|ärende",
    ),
    _Gap(
        "Ordningsstörningar som inte är brott, vecka för vecka", "EST-rapporter från platsens rapportörer",
        "events", r"\best\b|lägesrapport|händelserapport|incident|ordningsstörning",
    ),
    _Gap(
        "Hur trygga invånarna är och vad de utsatts för",
        "en trygghetsundersökning där svaren har kommundel",
        "answers", "trygghetsundersökning|trygghetsmätning|invånar|boende|medborgar",
    ),
    _Gap(
        "Hur företagen har det", "en företagsundersökning (FTU) där svaren har kommundel",
        "answers", r"\bftu\b|företag|näringsliv",
    ),
    _Gap(
        "Skolfrånvaro", "närvarouppgifter per skola från utbildningskontoret", "observations", "närvaro|frånvaro",
    ),
    _Gap(
        "Skadegörelse, klotter och trasig belysning",
        "felanmälningar med plats från kommunens tekniska verksamhet",
        "events", "felanmäl|skadegörelse|klotter",
    ),
)  # fmt: skip


def missing(told: pd.DataFrame) -> list[tuple[str, str]]:
    """What is not said yet, with the delivery that would say it. ``told``: kind and title of each source that says
    something about the place."""
    return [(gap.what, gap.delivery) for gap in _GAPS if not _said(told, gap)]


def _said(told: pd.DataFrame, gap: _Gap) -> bool:
    own = told.loc[told["kind"] == gap.kind, "title"]
    return bool(own.str.lower().str.contains(gap.titles, regex=True).any())
