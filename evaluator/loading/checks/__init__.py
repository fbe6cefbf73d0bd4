"""Whether what a study says agrees with the rest of it: every name, sum, scale and bill."""
