"""Закупки: participants, notices of tenders, signed documents sent on by the portal (EDI-03)."""
