"""What an evaluation finds: frozen containers of tables, and where their numbers come from."""
