"""Documents that people sign or send: the memo and letters, the same for every medium."""
