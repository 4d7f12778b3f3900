"""ФНС: verification of registration data, checks of people, accounts and addresses, reports,
settlement status and audits, authority codes, inquiries (VER-01, ACC-04, BND-09, BND-16, REG-16,
APP-07, INT-05, SUP-05).

Real are the form «Узнать ИНН» (`/inn-proc.do`, `/inn-new-proc.do`), the papers, numbers of forms
and terms of electronic reporting, the codes of periods, the terms of desk audits and of answers to
inquiries. Paths under `/v1` and their JSON are ours: those exchanges of ФНС go through СМЭВ and
reporting operators.
"""
