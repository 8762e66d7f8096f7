"""One module per source; each declares SOURCE."""
