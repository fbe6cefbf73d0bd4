"""Two sheets that calculate: points to change; scores, ranks and designation that follow."""
