"""From a delivered file to a published build."""
