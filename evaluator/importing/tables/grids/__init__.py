"""Foreign workbooks and text tables -> grids of cells, each at its place."""
