"""База паспортов МВД: is a passport valid, and does it belong to this person (ACC-04, ACC-08,
BND-09).

Real are the request and the answer of the simplified identification
(`urn://mincomsvyaz/esia/uprid/1.2.0`, `ESIADataVerifyRequest`, `VALID` or `INVALID`) and the list
of invalid passports (`list_of_expired_passports.csv.bz2`, two columns), which МВД has ceased to
publish. The JSON check is ours.
"""
