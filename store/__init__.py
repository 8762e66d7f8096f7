"""The two stores: facts as immutable DuckDB builds, and (later) the municipality's own work."""
