"""Tables: CSV files and workbooks -> sheets as text -> rows of parsed cells, each at its place."""
