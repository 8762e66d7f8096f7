"""In which groups the answers to a question have changed between two waves: shares of the groups that may be shown.

Built on what is shown already (survey_groups, survey_inside, local_surveys), so nothing that is hidden there is known
here. A step into a district parts it by group, a step into a group parts it by district; further there are none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import explain
from queries import local_surveys, places, survey_groups, survey_inside
from queries.causes import Causes, Path
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


def steps(
    build: Build, municipality_id: str, source_id: str, question_id: str, choice: str, wave: str, old_wave: str
) -> dict[str, list[str]]:
    """The dimensions and the parts of each that can be gone into, districts first. Empty where no group, or no
    district, is known: then there is nothing to part them by."""
    rows = pd.concat([_rows(build, municipality_id, source_id, one, question_id) for one in (wave, old_wave)])
    rows = rows[(rows["choice"] == choice) & ~rows["dimension"].isin(["", survey_groups.SCHOOL])]
    if rows["dimension"].nunique() < 2 or DISTRICT not in set(rows["dimension"]):
        return {}
    return {
        str(name).capitalize(): own["group"].drop_duplicates().tolist()
        for name, own in rows.groupby("dimension", sort=False)
    }


def breakdown(
    build: Build,
    municipality_id: str,
    source_id: str,
    question_id: str,
    choice: str,
    wave: str,
    old_wave: str,
    path: Path = (),
) -> Causes:
    """How the share who gave the answer has changed between the waves in every group and district: see ``Causes``,
    with ``found`` as ``analysis.explain.shares`` gives. Nothing is found where the whole share is hidden, nor after
    more than one step of ``path`` (as ``steps``): those who answered are too few to be parted three times."""
    told = Causes(before_label=old_wave, after_label=wave, shares=True)
    if len(path) > 1:
        return told
    sides = {"before": old_wave, "after": wave}
    wholes, tables = list[dict[Any, Any]](), list[pd.DataFrame]()
    for side, one in sides.items():
        rows = _rows(build, municipality_id, source_id, one, question_id)
        rows = rows[rows["choice"] == choice]
        if path:
            inside = _inside(build, municipality_id, source_id, one, question_id, path[0])
            whole = rows[(rows["dimension"].str.capitalize() == path[0][0]) & (rows["group"] == path[0][1])]
            parts = inside[inside["choice"] == choice]
        else:
            whole, parts = rows[rows["dimension"] == ""], rows[rows["dimension"] != ""]
        wholes += whole[["share", "effective"]].to_dict("records")[:1] or [{"share": np.nan, "effective": np.nan}]
        tables.append(_sums(parts, side))
    before, after = (float(one["share"]) for one in wholes)
    told = replace(told, before=before, after=after)
    values = tables[0].merge(tables[1], on=["dimension", "value"], how="outer")
    values = values[values.groupby("dimension")["dimension"].transform("size") > 1]
    both = values[["part_before", "part_after"]].notna().all(axis=1)
    if not np.isfinite([before, after]).all() or not both.any():
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


def _rows(build: Build, municipality_id: str, source_id: str, wave: str, question_id: str) -> pd.DataFrame:
    """What is shown of the whole municipality (dimension empty), its districts and its groups."""
    areas = local_surveys.shares(build, municipality_id, source_id, wave)
    names = _names(build, municipality_id)
    whole = areas[areas["area_id"] == municipality_id].assign(dimension="", group="")
    districts = areas[areas["area_id"].isin(names.index)]
    districts = districts.assign(dimension=DISTRICT, group=districts["area_id"].map(names))
    groups = survey_groups.by_group(build, municipality_id, source_id, wave)
    rows = pd.concat([whole, districts, groups])
    return rows[rows["question_id"] == question_id]


def _inside(
    build: Build, municipality_id: str, source_id: str, wave: str, question_id: str, step: tuple[str, str]
) -> pd.DataFrame:
    """What is shown inside the part that has been gone into: a district's groups, or a group's districts."""
    rows = survey_inside.by_district(build, municipality_id, source_id, wave, question_id)
    names = rows["area_id"].map(_names(build, municipality_id))
    if step[0] == DISTRICT.capitalize():
        return rows[names == step[1]]
    own = rows[(rows["dimension"].str.capitalize() == step[0]) & (rows["group"] == step[1])]
    return own.assign(dimension=DISTRICT, group=names[own.index])


def _names(build: Build, municipality_id: str) -> pd.Series:
    """The districts' names by area_id."""
    known = places.choices(build, municipality_id)
    return known[known["level"] == "district"].set_index("area_id")["label"]


def _sums(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    """What ``explain.shares`` wants of a wave, from what is shown of it; empty where hidden."""
    return pd.DataFrame(
        {
            "dimension": rows["dimension"].str.capitalize(), "value": rows["group"],
            f"part_{side}": rows["share"] * rows["weight"], f"weight_{side}": rows["weight"],
            f"squares_{side}": rows["weight"] ** 2 / rows["effective"],
        }
    )  # fmt: skip
