"""In which groups the answers to a question have changed between two waves: shares of the groups that may be shown.

Built on what is shown already (survey_groups, local_surveys), so nothing that is hidden there is known here. Groups are
those of the whole municipality, and are not parted further.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import explain
from queries import local_surveys, places, survey_groups
from queries.causes import Causes
from store.warehouse import Build

DISTRICT = "kommundel"

_KEY = ["question_id", "choice", "dimension", "group"]


def questions(build: Build, municipality_id: str, source_id: str) -> pd.DataFrame:
    """The answers that can be compared, questions about safety first: question_id, question, choice, wave and
    old_wave (the wave before that asked the same). Empty where there is but one wave."""
    asked = [
        local_surveys.choices(build, municipality_id, source_id, wave).assign(wave=wave)
        for wave in local_surveys.waves(build, source_id)["wave"]
    ]
    columns = ["question_id", "question", "choice", "wave", "old_wave"]
    if len(asked) < 2:
        return pd.DataFrame(columns=columns)
    older = pd.concat(asked[1:])[["question_id", "choice", "wave"]].rename(columns={"wave": "old_wave"})
    return asked[0].merge(older.drop_duplicates(["question_id", "choice"]), on=["question_id", "choice"])[columns]


def breakdown(
    build: Build, municipality_id: str, source_id: str, question_id: str, choice: str, wave: str, old_wave: str
) -> Causes:
    """How the share who gave the answer has changed between the waves in every group and district: see ``Causes``,
    with ``found`` as ``analysis.explain.shares`` gives. Nothing is found where the whole share is hidden."""
    sides = {"before": old_wave, "after": wave}
    wholes, tables = list[dict[Any, Any]](), list[pd.DataFrame]()
    for side, one in sides.items():
        areas = local_surveys.shares(build, municipality_id, source_id, one)
        areas = areas[(areas["question_id"] == question_id) & (areas["choice"] == choice)]
        wholes += areas.loc[areas["area_id"] == municipality_id, ["share", "effective"]].to_dict("records")
        groups = survey_groups.by_group(build, municipality_id, source_id, one)
        groups = groups[(groups["question_id"] == question_id) & (groups["choice"] == choice)]
        tables.append(_sums(pd.concat([_districts(build, municipality_id, areas), groups]), side))
    before, after = (float(one["share"]) for one in wholes)
    told = Causes(before=before, after=after, before_label=old_wave, after_label=wave, shares=True)
    values = tables[0].merge(tables[1], on=["dimension", "value"], how="outer")
    values = values[values.groupby("dimension")["dimension"].transform("size") > 1]
    if not np.isfinite([before, after]).all() or values.empty:
        return told
    found = explain.shares(values).assign(step=1).drop(columns="base")
    wholly = {str(name): _moved(rows) for name, rows in values.groupby("dimension")}
    found["moved"] = found["contribution"] * [wholly[one] for one in found["dimension"]]
    chance = sum(one["share"] * (1 - one["share"]) / one["effective"] for one in wholes)
    return replace(told, found=found, dimensions=explain.dimensions(found), noise=float(2 * np.sqrt(chance)))


def _moved(rows: pd.DataFrame) -> float:
    """How much the share of all groups that are shown has changed."""
    sums = {name: float(rows[name].sum()) for name in rows.columns.drop(["dimension", "value"])}
    return sums["part_after"] / sums["weight_after"] - sums["part_before"] / sums["weight_before"]


def _districts(build: Build, municipality_id: str, areas: pd.DataFrame) -> pd.DataFrame:
    """The districts as groups."""
    known = places.choices(build, municipality_id)
    names = known[known["level"] == "district"].set_index("area_id")["label"]
    own = areas[areas["area_id"].isin(names.index)]
    return own.assign(dimension=DISTRICT, group=own["area_id"].map(names))


def _sums(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    """What ``explain.shares`` wants of a wave, from what is shown of it; empty where hidden."""
    return pd.DataFrame(
        {
            "dimension": rows["dimension"].str.capitalize(), "value": rows["group"],
            f"part_{side}": rows["share"] * rows["weight"], f"weight_{side}": rows["weight"],
            f"squares_{side}": rows["weight"] ** 2 / rows["effective"],
        }
    )  # fmt: skip
