"""The action plan as Brå's columns want it, what is late in it, and whether what is chosen adds up to the budget."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

#: What is late with a measure, in the words that the reader sees.
NOT_BEGUN, NOT_DONE = "skulle ha börjat", "skulle vara klar"

_PLANNED, _ONGOING = "planned", "ongoing"
_HALF = 6


@dataclass(frozen=True)
class Budget:
    """A year's activities in kronor.

    ``chosen`` is what those that are carried out cost, ``grantable`` those of them that a state grant can be applied
    for, and ``conditional`` those where it can for a part or on conditions. ``left`` of the budget (negative: over it;
    None without one). ``unpriced``: titles of those carried out without a price.
    """

    chosen: int
    grantable: int
    conditional: int
    left: int | None
    unpriced: tuple[str, ...]


@dataclass(frozen=True)
class HalfYear:
    """An invoice in advance: its name, half the year's budget, and its first day."""

    name: str
    amount: int
    due_on: date


def board(
    measures: pd.DataFrame,
    causes: pd.DataFrame,
    measure_cause: pd.DataFrame,
    goals: pd.DataFrame,
    goal_measure: pd.DataFrame,
    follow_ups: pd.DataFrame,
    today: date,
) -> pd.DataFrame:
    """The measures, those of a problem together and in the order that they begin.

    Frames as the work's store gives them; ``causes`` also with number («1.2»). Adds to the measures: causes (list of
    (number, what), in the order of the numbers), goals (list of goal ids), late (NOT_BEGUN, NOT_DONE or empty), light
    and judged_on (of the newest held follow-up that has a light, of the measure or of a goal of its; empty without),
    next_on (first planned follow-up that is not held).
    """
    numbers = {row["id"]: (row["number"], row["what"]) for row in causes.to_dict("records")}
    of_causes = _lists(measure_cause, "measure_id", "cause_id")
    of_goals = _lists(goal_measure, "measure_id", "goal_id")
    known = set(goals["id"])
    of_measure, of_goal = _held_by(follow_ups, "measure_id"), _held_by(follow_ups, "goal_id")
    told = []
    for row in measures.to_dict("records"):
        aims = [one for one in of_goals.get(row["id"], []) if one in known]
        followed = [*of_measure.get(row["id"], []), *(one for aim in aims for one in of_goal.get(aim, []))]
        told.append(
            {
                "causes": sorted(
                    (numbers[one] for one in of_causes.get(row["id"], []) if one in numbers), key=_in_order
                ),
                "goals": aims,
                "late": late(row["progress"], row["starts_on"], row["ends_on"], today),
                **_followed(followed),
            }
        )
    columns = ["causes", "goals", "late", "light", "judged_on", "next_on"]
    added = pd.DataFrame(told, columns=columns, index=measures.index, dtype=object)
    order = ["problem_id", "starts_on", "id"]
    return measures.join(added).sort_values(order, na_position="last", kind="stable", ignore_index=True)


def late(progress: str, starts_on: Any, ends_on: Any, today: date) -> str:
    """What is late with a measure that has come so far."""
    passed = {name: not pd.isna(day) and pd.Timestamp(day).date() < today for name, day in
              (("start", starts_on), ("end", ends_on))}  # fmt: skip
    if progress in (_PLANNED, _ONGOING) and passed["end"]:
        return NOT_DONE
    return NOT_BEGUN if progress == _PLANNED and passed["start"] else ""


def costs(activities: pd.DataFrame) -> pd.Series:
    """What each activity costs in the year: its price, times the number where the price is for one, and what it costs
    each year beside that; missing where no price is known."""
    price = pd.to_numeric(activities["cost_sek"]).astype("Float64")
    times = pd.to_numeric(activities["units"]).astype("Float64").where(activities["per"] != "", 1)
    yearly = pd.to_numeric(activities["yearly_cost_sek"]).astype("Float64")
    return (price * times).add(yearly, fill_value=0).astype("Int64")


def budget(activities: pd.DataFrame, budget_sek: int | None) -> Budget:
    """What the activities that are carried out cost, against the plan's budget. One that is no option always is."""
    rows = activities.assign(cost=costs(activities))
    rows = rows[carried_out(rows)]
    chosen = int(rows["cost"].sum())
    grantable, conditional = (int(rows.loc[rows["grant"] == one, "cost"].sum()) for one in ("yes", "conditional"))
    left = None if budget_sek is None else budget_sek - chosen
    return Budget(chosen, grantable, conditional, left, tuple(rows.loc[rows["cost"].isna(), "title"]))


def carried_out(activities: pd.DataFrame) -> pd.Series:
    """Which activities are: all that are no options, and the options that are chosen."""
    return ~activities["option"].astype(bool) | activities["chosen"].astype(bool)


def half_years(starts_on: date | None, ends_on: date | None, budget_sek: int | None) -> list[HalfYear]:
    """The invoices of a plan: half the year's budget in advance for each half-year that it covers; none before its days
    and budget are known."""
    found: list[HalfYear] = []
    if starts_on is None or ends_on is None or budget_sek is None:
        return found
    for year in range(starts_on.year, ends_on.year + 1):
        for first, name, amount in (
            (date(year, 1, 1), "första", budget_sek - budget_sek // 2),
            (date(year, 1 + _HALF, 1), "andra", budget_sek // 2),
        ):
            last = date(year, first.month + _HALF - 1, calendar.monthrange(year, first.month + _HALF - 1)[1])
            if last >= starts_on and first <= ends_on:
                found.append(HalfYear(f"{year}, {name} halvåret", amount, first))
    return found


def _in_order(cause: tuple[str, str]) -> list[int]:
    return [int(part) for part in cause[0].split(".")]


def _lists(pairs: pd.DataFrame, by: str, what: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in zip(pairs[by], pairs[what], strict=True):
        found.setdefault(int(one), []).append(int(other))
    return found


def _held_by(follow_ups: pd.DataFrame, by: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in follow_ups[follow_ups[by].notna()].to_dict("records"):
        found.setdefault(int(row[by]), []).append({str(name): value for name, value in row.items()})
    return found


def _followed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    judged = max((one for one in rows if one["light"] and not pd.isna(one["held_on"])),
                 key=lambda one: one["held_on"], default=None)  # fmt: skip
    waiting = [one["due_on"] for one in rows if pd.isna(one["held_on"]) and not pd.isna(one["due_on"])]
    return {
        "light": judged["light"] if judged else "",
        "judged_on": judged["held_on"] if judged else None,
        "next_on": min(waiting, default=None),
    }
