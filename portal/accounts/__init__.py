"""People's accounts: sign-up, confirmation of identity, passwords, sign-in (ACC, PWD, AUTH)."""
