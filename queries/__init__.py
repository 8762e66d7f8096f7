"""Questions to the facts: one module per subject, SQL with bound parameters, frames out."""
