"""The decision on one screen: its lines, its picture, what is contested and what it rests on."""
