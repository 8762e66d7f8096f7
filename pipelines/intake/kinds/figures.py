"""Figures per indicator, area and period: what observations, participation and inspections become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.frames import indicator_frame, slug
from pipelines.intake import moments
from pipelines.intake.kinds.fields import Fields, Floats, When, Where
from pipelines.intake.kinds.result import Mask, Result
from pipelines.source import Indicator

_KEY = ["indicator_id", "area_id", "period_start", "period_end", "breakdown"]
_COLUMNS = ["position", *_KEY, "period_type", "period_label", "value", "base", "status"]
#: A figure of an exact time belongs to its day.
_PERIOD_TYPES = {"minute": "day"}


@dataclass
class Figures:
    """The figures of a table while it is read. ``theme`` is the group that its indicators are listed under."""

    fields: Fields
    source_id: str
    theme: str
    _indicators: dict[str, Indicator] = field(default_factory=dict)
    _frames: list[pd.DataFrame] = field(default_factory=list)

    def indicator(
        self, name: str, unit: str, *, polarity: str = "neutral", aggregation: str = "none", decimals: int = 0
    ) -> str:
        """The id of an indicator, declared the first time."""
        identity = f"{self.source_id}_{slug(name)}"
        known = self._indicators.get(identity)
        self._indicators[identity] = Indicator(
            id=identity,
            name=name,
            unit=unit,
            theme=self.theme,
            polarity=polarity,
            aggregation=aggregation,
            decimals=max(decimals, known.decimals) if known else decimals,  # any column may be the first with some
            description=f"{name}, {unit}, ur {self.fields.mapping.name}.",
        )
        return identity

    def add(
        self,
        indicators: str | npt.NDArray[np.object_],
        value: Floats,
        status: npt.NDArray[np.object_],
        when: When,
        where: Where,
        breakdown: Sequence[tuple[str, pd.Series]],
        base: Floats | None = None,
    ) -> None:
        """One figure per row; rows without a figure and without a status give none."""
        status = np.where(np.isnan(value), status, "final")
        said = (status != None) & (status != "")  # noqa: E711  element by element
        frame = pd.DataFrame(
            {
                "position": np.arange(len(value)),
                "indicator_id": indicators,
                "area_id": self._areas(where),
                "breakdown": self._breakdown(where, breakdown),
                "value": value,
                "base": np.nan if base is None else base,
                "status": status,
                **_periods(when),
            }
        )
        self._frames.append(frame[said])

    def result(self, where: Where) -> Result:
        """All figures that nothing speaks against; a figure that is there already is refused."""
        notes = self.fields.notes
        frame = pd.concat(self._frames, ignore_index=True) if self._frames else pd.DataFrame(columns=_COLUMNS)
        if len(frame):
            notes.refuse(
                self._rows(frame, frame["period_start"].isna()),
                self.fields.header("period") or self.fields.header("date"),
                "Perioden saknas eller går inte att läsa.",
                "Fyll i perioden, t.ex. 2025, mars 2025 eller 2025-03-04.",
            )
            frame = frame[notes.kept[frame["position"]]]
            notes.refuse(
                self._rows(frame, frame.duplicated(_KEY)),
                self.fields.header("place") or self.fields.header("area_code"),
                "Samma mått, plats och period står på en tidigare rad.",
                "Ta bort den ena raden, eller ange vad som skiljer dem åt som indelning.",
            )
            said = self._rows(frame, frame["position"] >= 0)
            notes.find(notes.kept & ~said, "note", "inga_siffror", "Rader utan siffror. De ger inga värden.")
            frame = frame[notes.kept[frame["position"]]]
        placements = pd.Series(where.placement)[notes.kept]
        if not self._frames:
            return notes.result({}, placements)
        tables = {
            "indicator": indicator_frame(self.source_id, self._indicators.values()),
            "observation": frame.drop(columns=["position"], errors="ignore"),
            "area": self._unplaced_areas(frame),
        }
        return notes.result(tables, placements)

    def _rows(self, frame: pd.DataFrame, mask: pd.Series) -> Mask:
        rows = np.zeros(len(self.fields.rows), dtype=bool)
        rows[frame.loc[mask, "position"]] = True
        return rows

    def _areas(self, where: Where) -> npt.NDArray[np.object_]:
        """Every figure needs an area: those without a place here stand under one of their own, outside the sums.

        In a table that says no places at all, the figures are the municipality's.
        """
        code = self.fields.gazetteer.municipality.code
        asked = any(self.fields.use(one) for one in ("place", "area_code", "x"))
        own = f"{code}-{slug(self.source_id)}"
        no_place = np.where(where.placement == "outside", f"{own}-utanfor", f"{own}-utan-plats" if asked else code)
        return np.where(where.area_id == None, no_place, where.area_id)  # noqa: E711

    def _unplaced_areas(self, frame: pd.DataFrame) -> pd.DataFrame:
        own = f"{self.fields.gazetteer.municipality.code}-{slug(self.source_id)}"
        names = {f"{own}-utan-plats": "Utan känd plats i kommunen", f"{own}-utanfor": "Utanför kommunen"}
        used = [area for area in names if area in set(frame["area_id"])]
        return pd.DataFrame(
            {"area_id": used, "level": "unplaced", "name": [names[area] for area in used], "parent_id": None}
        )

    def _breakdown(self, where: Where, parts: Sequence[tuple[str, pd.Series]]) -> pd.Series:
        """dimension=value pairs joined by |. A place that could not be told is kept as the sender wrote it."""
        known = self.fields.gazetteer.municipality.code
        unnamed = pd.Series(where.text, dtype="string").where(
            pd.Series((where.area_id == None) | (where.area_id == known))  # noqa: E711
        )
        whole = np.array(unnamed.dropna().unique(), dtype=object)
        read = self.fields.gazetteer.read(whole, {}).area_id
        unnamed = unnamed.mask(unnamed.isin(whole[read == known]))
        out = pd.Series("", index=range(len(self.fields.rows)), dtype="string")
        for name, values in [*parts, ("plats", unnamed)]:
            clean = values.str.replace(r"[|=]", "/", regex=True)
            pair = name.casefold().replace("=", "/").replace("|", "/") + "=" + clean
            joined = out.where(out == "", out + "|") + pair
            out = joined.where(values.notna(), out)
        return out


def _periods(when: When) -> dict[str, Any]:
    """Period columns of the observation table. Few periods are named, many rows have them."""
    triples = pd.DataFrame({"first": when.first, "last": when.last, "precision": when.precision})
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(triples))
    named = [
        ("", pd.NaT, pd.NaT, "") if pd.isna(first) else _period(first, last, precision)
        for first, last, precision in distinct
    ]
    table = pd.DataFrame(named, columns=["period_type", "period_start", "period_end", "period_label"])
    return {str(name): table[name].to_numpy()[codes] for name in table}


def _period(first: pd.Timestamp, last: pd.Timestamp, precision: str) -> tuple[str, pd.Timestamp, pd.Timestamp, str]:
    label = moments.label(first.to_datetime64(), last.to_datetime64(), precision)
    return _PERIOD_TYPES.get(precision, precision), first.normalize(), last.normalize(), label
