"""Антивирус загрузок: scans what applicants upload (DOC-07).

The protocol is that of Kaspersky Scan Engine in HTTP mode (KAV protocol 3.0 and 3.1: scanmemory,
statistics, update); the list of signatures under `/v1/signatures` is ours.
"""
