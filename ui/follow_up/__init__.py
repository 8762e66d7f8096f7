"""Following up: what needs it, what the figures say, what was done and what is decided."""
