"""An effect in per cent with its uncertainty, beside no effect."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import signed

_LEFT = 8


def per_cent(value: float) -> str:
    """A change: "+12 %", "−24 %"."""
    return f"{signed(value)}\u00a0%"


def effect(percent: float, lower: float, upper: float) -> go.Figure:
    """A change in per cent as a point on its interval, with the line of no change between fewer and more."""
    drawn = base(130, room=(_LEFT, 34))
    drawn.add_scatter(x=[lower, upper], y=[0, 0], mode="lines", line={"color": CONTEXT, "width": 8}, hoverinfo="skip")
    told = f"{per_cent(percent)}, mellan {per_cent(lower)} och {per_cent(upper)}"
    drawn.add_scatter(
        x=[percent], y=[0], mode="markers+text", marker={"size": 16, "color": ACCENT},
        text=[f"<b>{per_cent(percent)}</b>"], textposition="top center", cliponaxis=False, customdata=[told],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.add_vline(x=0, line={"color": CONTEXT, "width": 1, "dash": "dot"})
    reach = max(abs(lower), abs(upper), 20.0) * 1.15
    drawn.update_xaxes(range=[-min(reach, 100), reach], ticksuffix=" %", nticks=6, tickformat=",.0f")
    for text, place, anchor in (("färre", 0, "left"), ("fler", 1, "right")):
        drawn.add_annotation(
            x=place, y=1, xref="paper", yref="paper", text=text, showarrow=False, xanchor=anchor, yanchor="top"
        )
    drawn.update_yaxes(visible=False, range=[-0.6, 1])
    drawn.update_layout(hovermode="closest")
    return drawn
