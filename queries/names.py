"""The Swedish names of kinds of places and kinds of figures, as the schema of a build has them."""

from store.schema import LEVELS, STATUSES

__all__ = ["LEVELS", "STATUSES"]
