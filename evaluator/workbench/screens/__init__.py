"""The screens, each with its one question."""
