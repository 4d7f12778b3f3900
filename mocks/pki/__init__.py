"""The public key infrastructure of the country: authorities, what they have issued and revoked, and
which roots are trusted (CERT-01, CERT-03, CERT-17); several services show parts of it."""
