"""Orsaksanalys: the six steps, and what they share."""
