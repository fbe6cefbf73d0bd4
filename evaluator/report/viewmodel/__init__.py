"""What the pages tell, as plain rows and sentences, whatever they are made of."""
