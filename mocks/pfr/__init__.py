"""ПФР: verification of an organization as an insurer, its certificate of registration, checks of
СНИЛС (VER-01, VER-07, APP-06).

Real are what is asked in such exchanges (the insurer's number of ЕГРЮЛ, full name, birth date and
СНИЛС of a person), the term of three working days and ПФР itself until 2023, when the Social Fund
took its place. Paths and JSON are ours: ПФР answers through СМЭВ.
"""
