"""The words beside a map: what it shows, said without the map. Also what is written where an area has no value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from charts.swedish import alphabetical, capital, listing, number, rounded

#: What stands instead of a value: as short text on the area, and as words in sentences and tables.
WITHOUT = {
    "suppressed": ("dold", "dold av källan (för få personer)"),
    "not_applicable": ("–", "redovisas inte för området"),
    "missing": ("saknas", "uppgift saknas"),
    "protected": ("dold", "dold här, för att ingen ska kunna pekas ut"),
}
#: The status of a figure that is not published but calculated here out of the source's figures.
CALCULATED = "derived"
_MISSING = WITHOUT["missing"]

#: What is said of a value that cannot be taken as it is.
_NOTES = {"preliminary": " (preliminärt)", "few": " (för litet underlag)"}

_UNITS = {"procent": "\u00a0%", "antal": ""}


def with_unit(value: float, unit: str, decimals: int) -> str:
    """A value as it is read aloud: "12,5 %", "1 047", "215 tkr"."""
    return number(value, decimals) + _UNITS.get(unit, f" {unit}")


def without_value(status: object) -> tuple[str, str]:
    """Short and full words for an area without a value, by the status of its figure (empty when there is none)."""
    return WITHOUT.get(str(status), _MISSING)


def described(values: pd.DataFrame, unit: str, decimals: int) -> pd.DataFrame:
    """The areas with what is written for each: ``shown`` (value with unit, or why there is none) and ``short``.

    ``values`` has value, status and district. ``rounded`` is the value as shown: classes made of it put areas with the
    same figure to the reader together, and no limit stands in two classes. A missing district becomes an empty text.
    """
    as_shown = [rounded(value, decimals) for value in values["value"]]
    words = [_words(*row, unit, decimals) for row in zip(values["value"], values["status"], strict=True)]
    short, shown = zip(*words, strict=True) if words else ((), ())
    return values.assign(
        rounded=pd.Series(as_shown, index=values.index).astype(float),
        short=list(short),
        shown=list(shown),
        district=values["district"].fillna(""),
    )


def _words(value: float, status: object, unit: str, decimals: int) -> tuple[str, str]:
    if pd.isna(value):
        return without_value(status)
    about = "cirka " if status == "rounded" else ""
    note = _NOTES.get(str(status), "")
    return about + number(value, decimals), about + with_unit(value, unit, decimals) + note


def divided(what: str, breakdown: str) -> str:
    """The measure with its breakdown: "Arbetslösa" by "kön=kvinnor|ålder=20-24" -> "Arbetslösa, kön: kvinnor, …"."""
    parts = [part.replace("=", ": ", 1) for part in breakdown.split("|") if part]
    return ", ".join([what, *parts])


def standing(areas: pd.DataFrame, area_id: str) -> str:
    """Where one area stands among the others: "3 områden har högre värde och 9 lägre."; empty without a value."""
    value = areas.loc[areas["area_id"] == area_id, "value"].iloc[0]
    if pd.isna(value):
        return ""
    higher, lower = int((areas["value"] > value).sum()), int((areas["value"] < value).sum())
    if not higher + lower:
        return "Alla områden har samma värde."
    if not higher:
        return f"Inget område har högre värde, {number(lower)} har lägre."
    if not lower:
        return f"Inget område har lägre värde, {number(higher)} har högre."
    return f"{areas_in_words(higher)} har högre värde och {areas_in_words(lower)} har lägre."


def areas_in_words(count: int) -> str:
    """A number of areas: "1 område", "3 områden"."""
    return "1 område" if count == 1 else f"{number(count)} områden"


def highest_first(areas: pd.DataFrame) -> pd.DataFrame:
    """The areas from the highest value to the lowest, equal ones by name, those without a value last."""
    by_name = areas.sort_values("name", key=lambda names: names.map(alphabetical))
    return by_name.sort_values("value", ascending=False, na_position="last", kind="stable")


def finding(what: str, period: str, areas: pd.DataFrame) -> str:
    """A title that says where the values are highest and lowest. ``areas`` as in charts.maps."""
    known = areas.dropna(subset=["value"])
    if known.empty:
        return f"{capital(what)} {period}: inga uppgifter"
    if known["value"].nunique() == 1:
        return f"{capital(what)} {period}: lika i alla områden"
    return f"{capital(what)} {period}: högst i {_at(known, 'max')}, lägst i {_at(known, 'min')}"


def sentence(areas: pd.DataFrame, unit: str, decimals: int) -> str:
    """The map in words: the highest and the lowest areas, the middle, and the areas without a value."""
    known = highest_first(areas.dropna(subset=["value"]))
    parts = []
    if len(known) >= 6:
        parts.append(f"Högst är värdena i {listed(known.head(3))}. Lägst är de i {listed(known.tail(3).iloc[::-1])}.")
    elif len(known):
        parts.append(f"Från högst till lägst: {listed(known)}.")
    if len(known) > 2:
        middle = with_unit(float(known["value"].median()), unit, decimals)
        parts.append(f"Hälften av områdena har {middle} eller mer.")
    parts.append(_gaps(areas))
    parts.append("Kartan visar var värdena är höga och låga, inte varför.")
    return " ".join(part for part in parts if part)


def in_whole(wholes: pd.DataFrame, unit: str, decimals: int) -> str:
    """The municipality and the country beside its areas: "Norrtälje som helhet: 12 %. Riket: 14 %."

    ``wholes`` has level, name, value and status; empty text without rows.
    """
    told = [
        f"{'Riket' if level == 'country' else f'{name} som helhet'}: {_words(value, status, unit, decimals)[1]}."
        for level, name, value, status in zip(
            wholes["level"], wholes["name"], wholes["value"], wholes["status"], strict=True
        )
    ]
    return " ".join(told)


def calculated(areas: pd.DataFrame, out_of: str) -> str:
    """That values are calculated here and not published, and ``out_of`` what; empty when none are."""
    known = areas.dropna(subset=["value"])
    own = known.loc[known["status"] == CALCULATED, "name"].tolist()
    if not own:
        return ""
    if len(own) == len(known):
        return f"Alla värden är beräknade ur {out_of}"
    return f"{number(len(own))} av {areas_in_words(len(known))} har värden beräknade ur {out_of}"


def no_polygon(names: Sequence[str]) -> str:
    """Former areas that have figures but no boundary in the present division; empty when there are none."""
    if not names:
        return ""
    return (
        f"{listing(names)} finns i siffrorna men inte på kartan: områdesindelningen har ändrats sedan dess. "
        "Värdet står i tabellen."
    )


def _at(known: pd.DataFrame, end: str) -> str:
    found = sorted(known.loc[known["value"] == known["value"].agg(end), "name"], key=alphabetical)
    return listing(found) if len(found) < 4 else f"{number(len(found))} områden"


def listed(rows: pd.DataFrame) -> str:
    """Areas with their values: "Rimbo (12,5 %), Väddö (9,1 %) och Blidö (uppgift saknas)"."""
    return listing([f"{name} ({shown})" for name, shown in zip(rows["name"], rows["shown"], strict=True)])


def _gaps(areas: pd.DataFrame) -> str:
    """The areas without a value, by the reason."""
    gaps = areas[areas["value"].isna()]
    told = [f"{listing(group['name'].tolist())} ({reason})" for reason, group in gaps.groupby("shown", sort=True)]
    return f"Utan värde: {'; '.join(told)}." if told else ""
