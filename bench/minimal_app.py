"""A Streamlit page with one chart like the first of the situation picture, no query: what Streamlit costs."""

from datetime import date

import pandas as pd
import streamlit as st

from analysis.expected import expectation
from charts import offences as drawn
from charts.style import CONFIG

st.set_page_config(page_title="Minsta sidan", layout="wide")
years = pd.DataFrame(
    {
        "indicator_id": "bra_offences_total",
        "area_id": "0188",
        "period_start": pd.to_datetime([f"{year}-01-01" for year in range(2010, 2026)]),
        "period_label": [str(year) for year in range(2010, 2026)],
        "count": [8000.0 + 40 * (year % 7) for year in range(2010, 2026)],
        "rate": [12_500.0 + 60 * (year % 7) for year in range(2010, 2026)],
        "exposure": 64_000.0,
        "status": "final",
        "preliminary": False,
    }
)
judged = st.cache_data(
    lambda: [expectation(years, periods_per_year=1, breaks=[], at=date(2010 + n, 1, 1)) for n in range(16)]
)
st.plotly_chart(
    drawn.trend(years, judged(), [], measure="count", chosen=2025, latest=years.iloc[:0]), key="chart", config=CONFIG
)
