"""The law and the facts of a study by date, and what rests on sources not read."""
