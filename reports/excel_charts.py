"""Charts of a workbook that Excel and LibreOffice draw themselves, and the sheet that they draw from."""

from __future__ import annotations

from typing import Any

from charts.exhibit import Exhibit
from reports.native import Native
from reports.sheets import plain
from reports.theme import Theme

#: The sheet with what the charts show, so that they stay whole when the table beside is filtered or sorted.
DATA = "Diagramdata"
#: Pixels.
_SIZE = {"width": 720, "height": 400}


class Charts:
    """The charts of one book, and the rows of ``DATA`` that each is given in its turn."""

    def __init__(self, file: Any, theme: Theme) -> None:
        self._file, self._theme = file, theme
        self._given: list[tuple[int, Exhibit, Native]] = []
        self._next = 0

    @property
    def any(self) -> bool:
        """Whether there is a chart, and so a sheet to write."""
        return bool(self._given)

    def put(self, sheet: Any, beside: tuple[int, int], exhibit: Exhibit, drawn: Native) -> None:
        """Put a chart on a sheet at (row, column)."""
        first = self._next + 2  # below its title and the names of its series
        self._given.append((self._next, exhibit, drawn))
        self._next = first + len(drawn.categories) + 1
        chart = self._file.add_chart({"type": drawn.kind, **({"subtype": "stacked"} if drawn.stacked else {})})
        last = first + len(drawn.categories) - 1
        for place, series in enumerate(drawn.series, start=1):
            chart.add_series(
                {
                    "name": [DATA, first - 1, place],
                    "categories": [DATA, first, 0, last, 0],
                    "values": [DATA, first, place, last, place],
                    # What programs show that do not read the sheet.
                    "categories_data": list(drawn.categories),
                    "values_data": ["" if value is None else value for value in series.values],
                    **self._look(drawn, series.colour or self._theme.accent, context=series.context),
                }
            )
        self._frame(chart, exhibit, drawn)
        sheet.insert_chart(*beside, chart, {"description": exhibit.alt or exhibit.finding, "object_position": 3})

    def _look(self, drawn: Native, colour: str, *, context: bool) -> dict[str, Any]:
        if drawn.kind != "line":
            return {"fill": {"color": colour}, "gap": 60}
        thin = {"color": colour, "width": 1.25, "dash_type": "dash"}
        if context:
            return {"line": thin}
        # A point between two gaps is seen by its mark alone.
        mark = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
        return {"line": {"color": colour, "width": 2.25}, "marker": mark}

    def _frame(self, chart: Any, exhibit: Exhibit, drawn: Native) -> None:
        """Title, axes and legend."""
        font = {"name": self._theme.fonts[0], "size": 9, "color": self._theme.ink}
        chart.set_title({"name": plain(exhibit.finding), "name_font": {**font, "size": 11, "bold": True}})
        places = {"num_font": font, "reverse": drawn.upside_down, "line": {"color": self._theme.quiet},
                  "major_gridlines": {"visible": False},
                  # Upside down, the amounts would stand on top.
                  **({"crossing": "max"} if drawn.upside_down else {})}  # fmt: skip
        amounts: dict[str, Any] = {
            "num_font": font, "num_format": f"[$-41D]{drawn.form}", "name": plain(exhibit.unit),
            "name_font": {**font, "bold": False}, "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#DDDFE4"}},
        }  # fmt: skip
        values = [value for series in drawn.series for value in series.values if value is not None]
        if drawn.kind != "line" and min(values, default=0) >= 0:
            amounts["min"] = 0  # a bar is as long as its value
        lying = drawn.kind == "bar"
        chart.set_x_axis(amounts if lying else places)
        chart.set_y_axis(places if lying else amounts)
        chart.set_legend({"none": True} if len(drawn.series) == 1 else {"position": "bottom", "font": font})
        chart.show_blanks_as("gap")
        chart.set_size(_SIZE)

    def write(self, sheet: Any, title: Any, heading: Any) -> None:
        """What the charts show, one below the other."""
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, max(len(drawn.series) for _, _, drawn in self._given), 22)
        for first, exhibit, drawn in self._given:
            sheet.write_string(first, 0, plain(exhibit.finding), title)
            for place, series in enumerate(drawn.series, start=1):
                sheet.write_string(first + 1, place, plain(series.name or exhibit.unit), heading)
            years = all(category.isdigit() for category in drawn.categories)
            for row, category in enumerate(drawn.categories):
                if years:
                    sheet.write_number(first + 2 + row, 0, int(category))
                else:
                    sheet.write_string(first + 2 + row, 0, plain(category))
                for place, series in enumerate(drawn.series, start=1):
                    value = series.values[row]
                    if value is not None:
                        sheet.write_number(first + 2 + row, place, value)
