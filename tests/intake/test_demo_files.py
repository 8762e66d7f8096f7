"""The example's files: the same for the same seed, readable, and with what the truth says is in them."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from personnummer import personnummer
from python_calamine import CalamineWorkbook

from pipelines.demo import MAPPINGS, TRUTH, Truth, generate
from pipelines.demo.scene import misspelt, scene
from pipelines.demo.truth import MadeFile
from pipelines.derive import derive
from pipelines.frames import conform
from pipelines.municipalities import Municipality, municipalities
from pipelines.source import Peek, sources
from store.intake import Mapping
from store.kinds import KINDS

OPEN = Path(__file__).parent.parent.parent / "data" / "open"

Frames = dict[str, pd.DataFrame]

#: Encoding and delimiter of each text file, by the beginning of its name after «Exempel – ».
TEXTS = {
    "polisens ärenden 2023": ("utf-8", ","),
    "polisens ärenden 2024": ("cp1252", ";"),
    "polisens ärenden 2025": ("utf-8-sig", ";"),
    "felanmälningar 2023": ("utf-16", "\t"),
    "felanmälningar 2025": ("utf-8-sig", ";"),
    "felanmälningar med personuppgifter": ("utf-8-sig", ";"),
    "Tryggare Skola elevenkät 2023": ("utf-8-sig", ";"),
    "Tryggare Skola elevenkät 2024": ("iso-8859-1", ";"),
    "Tryggare Skola elevenkät 2025": ("utf-8-sig", ";"),
    "kunskapsserien närvaro 2025": ("utf-8-sig", ";"),
}
#: The row of the header (from 1), and how many rows below the data are not data, by the beginning of the name.
SHEETS = {
    "EST": (4, 1), "felanmälningar": (4, 2), "trygghetsundersökningen": (4, 2), "FTU": (1, 0), "HackShield": (2, 1),
    "närvaro": (4, 3), "trygghetsronder": (4, 0),
}  # fmt: skip


def shipped() -> Frames:
    """The areas, schools and boundaries that a build has of Norrtälje."""
    parts: dict[str, list[pd.DataFrame]] = {"observation": [], "indicator": []}
    for source_id in ("scb_areas", "skolverket_grades"):
        for path in sorted((OPEN / source_id).iterdir()):
            (layout,) = [layout for layout in sources()[source_id].layouts if layout.matches(Peek.at(path))]
            for name in {"area", "boundary"} & (tables := layout.parse(path).tables).keys():
                parts.setdefault(name, []).append(conform(name, tables[name]))
    parts["area"] = [pd.concat(parts["area"]).drop_duplicates("area_id", keep="last", ignore_index=True)]
    whole = {
        name: pd.concat(frames, ignore_index=True) if frames else conform(name, pd.DataFrame())
        for name, frames in parts.items()
    }
    return derive(whole, municipalities())


@pytest.fixture(scope="module")
def frames() -> Frames:
    return shipped()


def made(folder: Path, frames: Frames, seed: int = 2026, municipality: Municipality | None = None) -> Truth:
    here = municipality or municipalities()["0188"]
    return generate(folder, here, frames["area"], frames["area_within"], frames["boundary"], seed=seed)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, frames: Frames) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("exempel")
    return folder, made(folder, frames)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def short(name: str) -> str:
    assert name.startswith("Exempel – ")
    return name.removeprefix("Exempel – ")


def text_rows(path: Path) -> list[list[str]]:
    encoding, delimiter = TEXTS[short(path.stem)]
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def sheets(path: Path) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def tables(path: Path) -> list[pd.DataFrame]:
    """The data of each table in a file, with its headers, told from titles and totals by where they stand."""
    if path.suffix != ".xlsx":
        header, *rows = text_rows(path)
        return [pd.DataFrame(rows, columns=header)]
    (first, last), *_ = [where for start, where in SHEETS.items() if short(path.name).startswith(start)]
    return [pd.DataFrame(rows[first : len(rows) - last], columns=headers(rows, first)) for rows in sheets(path)]


def headers(rows: list[list[object]], row: int) -> list[str]:
    """The header's texts; of two rows with merged cells, the group and the question."""
    lower = [str(cell) for cell in rows[row - 1]]
    if row == 1 or str(rows[row - 2][0]) != "Löpnr":
        return lower
    group, out = "", []
    for above, below in zip(rows[row - 2], lower, strict=True):
        group = str(above) or group
        out.append(f"{group} – {below}" if below else group)
    return out


def whole(example: tuple[Path, Truth], start: str) -> pd.DataFrame:
    folder, truth = example
    names = [one.file for one in truth.files if short(one.file).startswith(start)]
    return pd.concat([table.assign(file=name) for name in names for table in tables(folder / name)], ignore_index=True)


@pytest.fixture(scope="module")
def cases(example: tuple[Path, Truth], frames: Frames) -> pd.DataFrame:
    """The police's cases of the three years, with year and district."""
    found = whole(example, "polisens")
    code = found["DeSO 2018"].fillna("") + found["DeSO 2025"].fillna("")
    within = frames["area_within"]
    districts = within[within["within_id"].str.startswith("0188-")].set_index("area_id")["within_id"]
    return found.assign(
        code=code, place=code.map(districts), year=found["file"].str.extract(r"(\d{4})\.")[0].astype(int)
    )


def test_same_seed_same_bytes(example: tuple[Path, Truth], frames: Frames, tmp_path: Path) -> None:
    folder, truth = example
    assert made(tmp_path, frames) == truth
    assert bytes_of(tmp_path) == bytes_of(folder)


def test_another_seed_gives_other_cases_and_the_same_plan(
    example: tuple[Path, Truth], frames: Frames, tmp_path: Path
) -> None:
    folder, truth = example
    other = made(tmp_path, frames, seed=7)
    assert (other.effect, other.cluster, other.expected, other.shares) == (
        truth.effect, truth.cluster, truth.expected, truth.shares,
    )  # fmt: skip
    ours, theirs = bytes_of(folder), bytes_of(tmp_path)
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] == theirs[name]} == {name for name in ours if name.startswith(MAPPINGS)}


def test_truth_is_written(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    assert Truth.read(folder / TRUTH) == truth
    written = json.loads((folder / TRUTH).read_text("utf-8"))
    assert (written["effect"]["relative_risk"], written["effect"]["place_name"]) == (0.55, "Rimbo")
    assert (written["effect"]["starts"], written["cluster"]["radius"]) == ("2025-01-01", 250.0)
    files = {path.name for path in folder.iterdir() if path.is_file()}
    assert files == {one.file for one in truth.files} | {TRUTH, truth.personal.file}


def test_every_file_opens_with_the_rows_that_the_truth_says(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    assert {one.file: sum(map(len, tables(folder / one.file))) for one in truth.files} == {
        one.file: one.rows for one in truth.files
    }


def test_every_sheet_says_that_it_is_an_example_or_the_file_does(example: tuple[Path, Truth]) -> None:
    folder, _ = example
    assert all(p.name.startswith("Exempel – ") for p in folder.iterdir() if p.is_file() and p.name != TRUTH)


def used(example: tuple[Path, Truth]) -> Iterator[tuple[str, Mapping, list[str]]]:
    folder, truth = example
    for one in [*truth.files, MadeFile(file=truth.personal.file, mapping=truth.personal.mapping, series="", rows=0)]:
        mapping = Mapping.model_validate(tomllib.loads((folder / MAPPINGS / one.mapping).read_text("utf-8")))
        for table in tables(folder / one.file):
            yield one.file, mapping, list(table.columns)


def test_mappings_name_headers_that_the_files_have(example: tuple[Path, Truth]) -> None:
    lost = [(file, use.header) for file, m, found in used(example) for use in m.columns if use.header not in found]
    assert lost == []


def test_mappings_hold_what_their_kinds_need(example: tuple[Path, Truth]) -> None:
    faults = []
    for file, mapping, _ in used(example):
        kind = KINDS[mapping.kind]
        form = kind.form(mapping.form)
        fields = [use.field for use in mapping.columns]
        known = {field.id: field for field in form.fields}
        faults += [(file, name) for name in fields if name not in known]
        faults += [(file, f.id) for f in form.fields if f.needed and f.id not in fields]
        faults += [(file, f"{n} × {name}") for name, n in Counter(fields).items() if n > 1 and not known[name].repeats]
        asked = {o.id for o in kind.options if o.needed and o.form in {"", form.id}}
        faults += [(file, option) for option in asked - mapping.options.keys()]
    assert faults == []


def test_mappings_of_a_series_share_its_name(example: tuple[Path, Truth]) -> None:
    names = {one.file: one.series for one in example[1].files}
    assert {(file, mapping.name) for file, mapping, _ in used(example) if file in names} == set(names.items())


# --- The police's cases ------------------------------------------------------------------------------------------


def test_about_as_many_cases_as_norrtalje_has(cases: pd.DataFrame) -> None:
    """8 314 in 2024 and 8 532 in 2025 (Brå)."""
    assert cases.groupby("year").size().between(8_200, 8_900).all()


def test_codes_are_of_the_years_division(cases: pd.DataFrame) -> None:
    """0188C1060 was divided in three in the division of 2025."""
    parts = cases[cases["code"].str.startswith("0188C106")].groupby("year")["code"].unique().map(set)
    assert parts[2023] == {"0188C1060"}
    assert parts[2024] == parts[2025] == {"0188C1061", "0188C1062", "0188C1063"}
    assert cases.loc[cases["code"] != "", "place"].notna().all()


def test_cases_without_place_and_outside(example: tuple[Path, Truth], cases: pd.DataFrame) -> None:
    for one in [one for one in example[1].files if one.series == "Polisens ärenden"]:
        rows = cases[cases["file"] == one.file]
        inside = rows["Kommun"] == "Norrtälje"
        assert (~inside).sum() == one.outside > 0
        assert ((rows["code"] == "") & inside).sum() == one.unplaced
    shares = cases[cases["Kommun"] == "Norrtälje"].groupby("Brottskod")["code"].agg(lambda code: (code == "").mean())
    assert shares.between(0.0, 0.2).all()
    rates = [rate.unplaced for rate in example[1].rates if rate.series == "Polisens ärenden"]
    assert (min(rates), max(rates)) == (0.04, 0.17)


def test_one_date_is_bad(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    for one in [one for one in truth.files if one.series == "Polisens ärenden"]:
        rows = text_rows(folder / one.file)
        bad = [number for number, row in enumerate(rows[1:], 2) if not all(map(is_date, row[4:7]))]
        assert tuple(bad) == one.refused
    assert [one.refused for one in truth.files if one.refused] != []


def is_date(text: str) -> bool:
    return not text or re.fullmatch(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])( \d\d:\d\d)?", text) is not None


def test_some_offences_are_dated_after_their_registration(cases: pd.DataFrame) -> None:
    fine = cases[cases["Registreringsdatum"] != "2024-13-07"]
    late = fine["Brottsdatum från"].str[:10] > fine["Registreringsdatum"]
    assert 0 < late.sum() <= 9


def test_only_burglaries_and_the_like_have_spans(cases: pd.DataFrame) -> None:
    spans = cases[cases["Brottsdatum till"] != ""]
    assert {"9801", "9828", "1212"} <= set(spans["Brottskod"])
    assert not {"0357", "0853", "5011"} & set(spans.loc[spans["Brottsdatum till"] != "2024-13-07", "Brottskod"])


@pytest.mark.parametrize("series", ["Polisens ärenden", "Felanmälningar"])
def test_expected_numbers_follow_from_rate_population_and_effect(
    example: tuple[Path, Truth], frames: Frames, series: str
) -> None:
    truth = example[1]
    rates = {(r.series, r.category): r for r in truth.rates}
    people = frames["area"].set_index("area_id")["population"]
    for e in [e for e in truth.expected if e.series == series]:
        rate = rates[e.series, e.category]
        lowered = (e.series, e.place, e.year) == (truth.effect.series, truth.effect.place, 2025)
        risk = 0.55 if lowered and e.category in truth.effect.categories else 1.0
        by_hand = float(people[e.place]) * rate.per_1000 / 1000 * (1 - rate.unplaced) * risk
        assert e.number == pytest.approx(by_hand, rel=0.01, abs=1e-4), e  # districts are sums of small areas


def test_counts_are_those_expected(example: tuple[Path, Truth], cases: pd.DataFrame) -> None:
    """Counts of category x district x year vary as Poisson about the truth: Pearson's sum is near its freedom."""
    wanted = {(e.category, e.place, e.year): e.number for e in example[1].expected if e.series == "Polisens ärenden"}
    counted = cases.dropna(subset=["place"]).groupby(["Brottskodtext", "place", "year"]).size()
    observed = counted.reindex(pd.MultiIndex.from_tuples(wanted), fill_value=0).to_numpy()
    numbers = np.array(list(wanted.values()))
    pearson = ((observed - numbers) ** 2 / numbers).sum()
    assert abs(pearson - len(numbers)) < 4 * np.sqrt((2 + 1 / numbers).sum())
    assert abs(observed.sum() - numbers.sum()) < 4 * np.sqrt(numbers.sum())


def test_the_effect_is_there_and_only_there(example: tuple[Path, Truth], cases: pd.DataFrame) -> None:
    effect = example[1].effect
    assert (effect.place, len(effect.controls)) == ("0188-rimbo", 12)
    damage = cases[cases["Brottskodtext"].isin(effect.categories)].groupby(["place", "year"]).size().unstack()
    before, after = damage[2023] + damage[2024], damage[2025]
    controls = list(effect.controls)
    ratio = (after[effect.place] / before[effect.place]) / (after[controls].sum() / before[controls].sum())
    error = np.sqrt(1 / after[effect.place] + 1 / before[effect.place])
    assert abs(np.log(ratio / effect.relative_risk)) < 1.96 * error
    assert np.log(ratio) < -3 * error
    change = np.log(after[controls] / (before[controls] / 2)) / np.sqrt(1 / after[controls] + 1 / before[controls])
    assert change.abs().max() < 3


def test_seasons_and_nights(cases: pd.DataFrame) -> None:
    occurred = pd.to_datetime(cases["Brottsdatum från"], errors="coerce")
    assault = occurred[cases["Brottskod"] == "0357"]
    assert ((assault.dt.hour >= 20) | (assault.dt.hour < 5)).mean() > 0.5
    assert assault.dt.day_of_week.isin([4, 5, 6]).mean() > 0.5
    burglary = occurred[cases["Brottskod"] == "9801"].dt.month
    assert burglary.isin([11, 12, 1]).sum() > 2 * burglary.isin([5, 6, 7]).sum()


# --- Fault reports -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faults(example: tuple[Path, Truth]) -> pd.DataFrame:
    """The fault reports of the three years with east and north in SWEREF 99 TM."""
    found = whole(example, "felanmälningar")
    wgs = ~found["file"].str.contains("2023")
    number: Callable[[pd.Series], pd.Series] = lambda s: pd.to_numeric(s.astype(str).str.replace(",", "."), "coerce")  # noqa: E731
    x = number(found["Öst"].where(~wgs, found["Longitud"]))
    y = number(found["Nord"].where(~wgs, found["Latitud"]))
    east, north = pyproj.Transformer.from_crs(4326, 3006, always_xy=True).transform(x.where(wgs), y.where(wgs))
    kind = found["Typ av fel"].where(~wgs, found["Kategori"])
    return found.assign(kind=kind, east=np.where(wgs, east, x), north=np.where(wgs, north, y))


def test_the_cluster_is_planted(example: tuple[Path, Truth], faults: pd.DataFrame) -> None:
    cluster = example[1].cluster
    assert (cluster.place, cluster.planted) == ("0188-hallstavik", 48)
    assert cluster.deso.startswith("0188B30")
    near = np.hypot(faults["east"] - cluster.east, faults["north"] - cluster.north) <= cluster.radius + 1
    inside = faults[near & (faults["kind"] == cluster.category) & faults["file"].str.contains("2025")]
    days = inside["Inkommet"].str[:10]
    planted = inside[days.between(cluster.first_day, cluster.last_day)]
    assert cluster.planted <= len(planted) <= cluster.planted + 3
    assert cluster.background < 1
    assert near.sum() - len(planted) <= 12


def test_fault_reports_by_district(example: tuple[Path, Truth], faults: pd.DataFrame, frames: Frames) -> None:
    """Reports lie where the people are, apart from the cluster; those outside are far outside."""
    where = scene(frames["area"], frames["area_within"], frames["boundary"], municipalities()["0188"])
    points = shapely.points(faults["east"].fillna(0.0), faults["north"].fillna(0.0))
    hit, area = shapely.STRtree(where.shapes).query(points, predicate="within")
    place = pd.Series(index=faults.index, dtype=object)
    place.iloc[hit] = where.deso["place"].to_numpy()[area]
    wanted = pd.DataFrame([e.model_dump() for e in example[1].expected if e.series == "Felanmälningar"])
    numbers = wanted.groupby("place")["number"].sum()
    numbers[example[1].cluster.place] += example[1].cluster.planted
    assert (((place.value_counts() - numbers) / np.sqrt(numbers)).abs() < 4).all()
    files = [one for one in example[1].files if one.series == "Felanmälningar"]
    assert faults["east"].isna().sum() == sum(one.unplaced for one in files)
    # Points that were rounded to metres can fall on the other side of a border: the last few.
    assert abs(int((faults["east"].notna() & place.isna()).sum()) - sum(one.outside for one in files)) < 12


# --- Incident reports --------------------------------------------------------------------------------------------


def test_reports_grow_because_rapporteurs_do(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    for place in truth.reporting:
        assert list(place.rapporteurs.values()) == [6, 7, 9, 11, 13, 15]
        for year in (2023, 2024, 2025):
            path = folder / f"Exempel – EST {place.place_name} {year}.xlsx"
            for half, table in zip(("VT", "HT"), tables(path), strict=True):
                registered = place.rapporteurs[f"{half} {year}"]
                assert table["Rapportör"].nunique() == registered
                weeks = 26 if half == "VT" else 26 - 5 / 2
                expected = registered * weeks * place.per_week
                assert abs(len(table) - expected) < 4 * np.sqrt(expected) + 0.05 * expected, (path.name, half)


def test_totals_rows_are_right(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    for one in [one for one in truth.files if one.series.startswith("EST")]:
        totals = [str(rows[-1][1]) for rows in sheets(folder / one.file)]
        assert totals == [f"{len(table)} rapporter" for table in tables(folder / one.file)]


def test_dates_are_written_in_three_ways(example: tuple[Path, Truth]) -> None:
    folder, _ = example
    cells = {
        name: tables(folder / f"Exempel – EST {name}.xlsx")[0].iloc[0, 0]
        for name in ("Hallstavik 2023", "Rimbo 2023", "Rimbo 2024")
    }
    assert re.fullmatch(r"v\. \d+ 2023", str(cells["Hallstavik 2023"]))
    assert isinstance(cells["Rimbo 2023"], date)
    assert re.fullmatch(r"\d{1,2}/\d{1,2} 2024", str(cells["Rimbo 2024"]))


def test_places_are_misspelt(example: tuple[Path, Truth]) -> None:
    spelt = Counter(str(cell) for cell in whole(example, "EST Hallstavik")["Plats"])
    assert spelt.most_common(1)[0][0] == "Hallstavik"
    assert {"Halstavik", "HALLSTAVIK", "Hallstaviks"} <= spelt.keys()


@pytest.mark.parametrize(("right", "wrong"), [("Hallstavik", "Halstavik"), ("Rimbo", "Rimmbo"), ("Ås", "Åss")])
def test_misspelling(right: str, wrong: str) -> None:
    assert misspelt(right) == wrong


# --- Surveys -----------------------------------------------------------------------------------------------------


def shares_of(table: pd.DataFrame, question: str, answers: tuple[str, ...], weight: pd.Series) -> tuple[float, float]:
    """The weighted share with any of the answers among those with an opinion, and its standard error."""
    has = table[question].isin([a for a in table[question].unique() if a not in {"Vet ej", ""}])
    w, bad = weight[has].astype(float), table.loc[has, question].isin(answers)
    share = float((w * bad).sum() / w.sum())
    effective = w.sum() ** 2 / (w**2).sum()
    return share, float(np.sqrt(share * (1 - share) / effective))


@pytest.mark.parametrize("wave", [2023, 2025])
def test_safety_survey_has_the_true_shares(example: tuple[Path, Truth], wave: int) -> None:
    folder, truth = example
    (table,) = tables(folder / f"Exempel – trygghetsundersökningen {wave}.xlsx")
    question_of = {header.rpartition(" – ")[2]: header for header in table.columns}
    people = {place: truth.population[place] for place in truth.population}
    for question in {s.question for s in truth.shares if s.series == "Trygghetsundersökningen"}:
        own = [s for s in truth.shares if s.question == question]
        true = sum(s.share * people[s.place] for s in own) / sum(people.values())
        share, error = shares_of(table, question_of[question], own[0].answers, table["Vikt"])
        assert abs(share - true) < 4 * error, question
    # The weights make the answers as many as the grown-ups.
    assert table["Vikt"].astype(float).sum() == pytest.approx(0.8 * sum(people.values()), rel=0.1)


@pytest.mark.parametrize(
    ("file", "series"),
    [("FTU 2024.xlsx", "FTU, företagens trygghet"), ("FTU 2025.xlsx", "FTU, företagens trygghet")],
)
def test_business_survey_has_the_true_shares(example: tuple[Path, Truth], file: str, series: str) -> None:
    folder, truth = example
    (table,) = tables(folder / f"Exempel – {file}")
    for s in [s for s in truth.shares if s.series == series]:
        share, error = shares_of(table, s.question, s.answers, pd.Series(1.0, table.index))
        assert abs(share - s.share) < 4 * error, s.question


def test_pupils_answer_a_row_at_a_time(example: tuple[Path, Truth]) -> None:
    pupils = whole(example, "Tryggare Skola elevenkät")
    assert pupils.groupby(["file", "Löpnr"])["Fråga"].nunique().eq(6).all()
    assert {"Hallsta skola", "Långsjöskolan", "Roslagsskolan"} <= set(pupils["Skola"])
    for s in [s for s in example[1].shares if s.series == "Tryggare Skola, elevenkät"]:
        own = pupils[pupils["Fråga"] == s.question]
        share, error = shares_of(own, "Svar", s.answers, pd.Series(1.0, own.index))
        assert abs(share - s.share) < 4 * error, s.question


def test_several_answers_share_a_cell(example: tuple[Path, Truth]) -> None:
    answers = whole(example, "FTU 2025")["Vilka brott har företaget utsatts för? Flera svar möjliga"]
    assert answers.str.contains("; ").any()


# --- Schools -----------------------------------------------------------------------------------------------------


def test_attendance_is_text_with_comma_and_sign(example: tuple[Path, Truth]) -> None:
    table = whole(example, "närvaro grundskola 2024-25")
    assert list(table.columns[:3]) == ["Skola", "aug 2024", "sep 2024"]
    assert table["nov 2024"].str.fullmatch(r"\d\d,\d %").all()
    months = [header for header in whole(example, "närvaro").columns if re.fullmatch(r"[a-z]{3} \d{4}", header)]
    assert len(months) == 33  # three years but July


def test_hackshield_names_a_school_once(example: tuple[Path, Truth]) -> None:
    folder, _ = example
    path = folder / "Exempel – HackShield 2024-25.xlsx"
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    (table,) = tables(path)
    assert len(sheet.merged_cell_ranges or []) == (table["Skola"] != "").sum() == 8
    assert (table["Aktiva"] <= table["Anmälda"]).all()
    assert sheets(path)[0][-1][2] == table["Anmälda"].sum()


def test_rounds_score_from_0_to_20(example: tuple[Path, Truth]) -> None:
    table = whole(example, "trygghetsronder")
    aspects = table[list(table.columns[3:11])].astype(float)
    assert aspects.shape[1] == 8
    assert aspects.ge(0).all(axis=None)
    assert aspects.le(20).all(axis=None)
    assert (aspects.mean(axis=1) - table["Index"].astype(float)).abs().max() <= 0.06
    assert table.groupby("Skola")["Rond"].agg(list).map(lambda rounds: rounds == ["Före", "Efter"]).all()


# --- Personal data -----------------------------------------------------------------------------------------------

IDENTITY = re.compile(r"(?<!\d)(?:\d{8}|\d{6})-?\d{4}(?!\d)")


TELEPHONE = re.compile(r"(?<![\d,.-])(?:0|\+46 ?)[\d -]{6,}\d")


def identities(text: str) -> list[str]:
    return [found for found in IDENTITY.findall(text) if personnummer.valid(found)]


def cells_of(path: Path) -> Iterator[tuple[int, str]]:
    if path.suffix != ".xlsx":
        yield from ((row, cell) for row, cells in enumerate(text_rows(path), 1) for cell in cells)
        return
    yield from ((row, str(cell)) for sheet in sheets(path) for row, cells in enumerate(sheet, 1) for cell in cells)


def test_personal_data_is_in_one_file_only(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    assert truth.personal.file not in {one.file for one in truth.files}
    hits = [
        (one.file, row, cell)
        for one in truth.files
        for row, cell in cells_of(folder / one.file)
        if identities(cell) or "@" in cell or TELEPHONE.search(cell)
    ]
    assert hits == []


def test_rows_with_personal_data_are_those_told(example: tuple[Path, Truth]) -> None:
    folder, truth = example
    rows = text_rows(folder / truth.personal.file)
    with_identity = {row for row, cell in cells_of(folder / truth.personal.file) if identities(cell)}
    told = {row for row, kinds in truth.personal.rows.items() if {"personnummer", "samordningsnummer"} & set(kinds)}
    assert with_identity == told
    assert len(rows) - 1 == len(truth.personal.rows) + truth.personal.clean_rows
    assert all("@" in rows[row - 1][3] for row, kinds in truth.personal.rows.items() if "epost" in kinds)


# --- Any municipality --------------------------------------------------------------------------------------------


def squares(code: str, people: list[int]) -> Frames:
    """A municipality of squares of 4 km north of Stockholm, a district each; no schools."""
    areas, within, features = [], [], []
    for number, population in enumerate(people):
        deso, district = f"{code}A{number + 1}010", f"{code}-d{number}"
        x, y = 18.0 + number * 0.07, 59.6
        ring = [[x, y], [x + 0.07, y], [x + 0.07, y + 0.036], [x, y + 0.036], [x, y]]
        features.append({
            "type": "Feature", "id": deso, "properties": {"area_id": deso, "name": deso, "parent_id": None},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })  # fmt: skip
        areas.append({"area_id": deso, "level": "deso", "name": deso, "population": population, "valid_from": 2018})
        areas.append({"area_id": district, "level": "district", "name": f"Byn {number}", "population": population})
        within += [(deso, district), (deso, code)]
    layer = {
        "layer": "x", "municipality_id": code, "level": "deso", "sha256": "",
        "geojson": json.dumps({"type": "FeatureCollection", "features": features}),
    }  # fmt: skip
    return {
        "area": conform("area", pd.DataFrame(areas)),
        "area_within": pd.DataFrame(within, columns=["area_id", "within_id"]),
        "boundary": pd.DataFrame([layer]),
    }


def municipality_of(code: str, number: int) -> Municipality:
    districts = [{"id": f"d{i}", "name": f"Byn {i}", "deso": [f"{code}A{i + 1}010"]} for i in range(number)]
    names = {"code": code, "name": "Österåker", "county_code": code[:2], "county_name": "Stockholms län"}
    return Municipality.model_validate({**names, "districts": districts})


def test_another_municipality_without_incident_places_or_schools(tmp_path: Path) -> None:
    here = municipality_of("0117", 4)
    truth = made(tmp_path, squares("0117", [900, 4000, 3000, 2000]), municipality=here)
    assert (truth.effect.place, truth.cluster.place) == ("0117-d2", "0117-d3")
    assert [place.place_name for place in truth.reporting] == ["Byn 1", "Byn 2", "Byn 3"]
    (cases,) = tables(tmp_path / "Exempel – polisens ärenden 2025.csv")
    assert set(cases.loc[cases["DeSO 2025"] != "", "Kommun"]) == {"Österåker"}
    of_schools = ("Närvaro", "HackShield", "Trygghetsronder", "Tryggare")
    assert [one.file for one in truth.files if one.series.startswith(of_schools)] == []


@pytest.mark.parametrize("people", [[4000, 3000], []], ids=["two districts", "none"])
def test_too_few_districts_are_refused_in_swedish(tmp_path: Path, people: list[int]) -> None:
    frames = squares("0117", people or [1])
    if not people:
        frames["boundary"] = frames["boundary"].iloc[:0]
    with pytest.raises(ValueError, match="Österåker: exempeldata behöver"):
        made(tmp_path, frames, municipality=municipality_of("0117", max(1, len(people))))
    assert list(tmp_path.iterdir()) == []
