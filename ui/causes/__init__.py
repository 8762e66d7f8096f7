"""Orsaker i data: what is asked about, and what it is broken down by."""
