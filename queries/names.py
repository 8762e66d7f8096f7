"""The Swedish names of kinds of places and figures, as the schema of a build has them, and the country's id."""

from store.schema import LEVELS, STATUSES

__all__ = ["COUNTRY", "LEVELS", "STATUSES"]

#: The area_id of the whole country.
COUNTRY = "00"
