"""Pure functions on numbers and frames.

They return records and frames, never sentences. scipy is imported inside the functions that use it: a page that does
not call them shall not pay for it.
"""
