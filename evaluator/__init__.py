"""Multi-criteria evaluation of proposals and allocation of limited public financing tools."""
