"""Pure functions from a frame to a plotly figure, and the words beside it."""
