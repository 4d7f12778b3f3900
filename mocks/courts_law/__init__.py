"""Источники событий: courts, legislation, audits and deadlines of reports (NTF-01, NTF-05).

Real are the search of «Картотека арбитражных дел» (`POST /Kad/SearchInstances`, as its own page
asks it), the form of case numbers and court codes, the terms of procedure (АПК РФ), of reports and
payments (НК РФ) and of inspections (248-ФЗ). Subscriptions, feed and the other paths are ours; all
cases, acts and inspections are made up.
"""
