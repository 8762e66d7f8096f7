"""What leaves the house: files made from the same queries and charts as the pages."""
