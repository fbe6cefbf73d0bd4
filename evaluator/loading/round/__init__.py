"""The tables of a round -> packages and the entities behind them."""
