"""An exhibit that was kept as JSON, given back as it was shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.exhibit import Exhibit, Provenance

#: Plain types of columns that JSON gives back as they were; a column of any other type is kept as what is written.
_KEPT = ("int", "float", "Int", "Float", "bool", "str", "datetime64")


def thaw(frozen: Mapping[str, Any]) -> Exhibit:
    """The exhibit that was frozen, with its own build."""
    return Exhibit(
        id=frozen["id"],
        finding=frozen["finding"],
        sentence=frozen["sentence"],
        unit=frozen["unit"],
        place=frozen["place"],
        period=frozen["period"],
        sources=tuple(Provenance(s["citation"], date.fromisoformat(s["delivered"])) for s in frozen["sources"]),
        table=table_from_json(frozen["table"]),
        figure=go.Figure(frozen["figure"]) if frozen["figure"] else None,
        alt=frozen["alt"],
        filters=tuple((name, chosen) for name, chosen in frozen["filters"]),
        mark=frozen["mark"],
        measured=frozen["measured"],
        build=frozen["build"],
    )


def table_as_json(table: pd.DataFrame) -> dict[str, Any]:
    """A table's headings, types and rows; a missing value is null, a day or a time is written as ISO 8601."""
    types = [str(kind) if str(kind).startswith(_KEPT) else "object" for kind in table.dtypes]
    rows = [[_plain(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in table.columns], "types": types, "rows": rows}


def table_from_json(kept: Mapping[str, Any]) -> pd.DataFrame:
    """The table that ``table_as_json`` wrote."""
    columns = {
        place: pd.Series([row[place] for row in kept["rows"]], dtype=kind) for place, kind in enumerate(kept["types"])
    }
    return pd.DataFrame(columns).set_axis(kept["columns"], axis=1)


def _plain(value: Any) -> Any:
    """A cell as JSON can hold it."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):  # a Timestamp is one too
        return value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
