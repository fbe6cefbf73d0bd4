"""YAML and text -> located nodes -> frozen types: what may be read, and each fault at its line."""
