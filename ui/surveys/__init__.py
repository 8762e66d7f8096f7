"""What people have answered: local surveys, the published ones, and beside what is reported and observed."""
