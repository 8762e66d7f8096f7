"""The recurring meetings: which there are, and one of them with agenda, minutes, deviations and decisions."""
