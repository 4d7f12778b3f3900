"""СМЭВ 3: signed messages between information systems, in queues (INT-01, VER-01, VER-09, BND-17,
OPS-02, OPS-07).

Real: the message exchange of version 1.2: elements, statuses, faults, the order of signed parts,
MTOM. Ours: the schemas' wording, the JSON face, how participants register; times and limits are
assumptions where they are called so.
"""
