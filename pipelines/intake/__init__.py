"""Any spreadsheet in: from a file that nobody has standardised to rows of the fact tables."""
