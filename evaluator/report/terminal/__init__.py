"""What the commands answer: as data, as text, and a comparison as a page too."""
