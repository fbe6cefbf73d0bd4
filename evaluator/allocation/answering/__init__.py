"""A point -> the answer: whole dollars, the certificate, the reason for each amount."""
