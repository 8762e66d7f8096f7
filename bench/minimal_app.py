"""A Streamlit page with one chart and no query: what Streamlit itself costs. The chart is read from BENCH_FIGURE."""

import json
import os
from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Minsta sidan", layout="wide")
figure = json.loads(Path(os.environ["BENCH_FIGURE"]).read_text("utf-8"))
st.plotly_chart(figure, key="chart", config={"displayModeBar": False, "responsive": True})
