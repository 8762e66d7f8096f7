"""The parts of the page Åtgärdsplan: the plan's table and timeline, one measure, one goal, one plan."""
