"""Verification of a registered organization: the comparison within minutes, ФНС and ПФР, remarks,
queries, resubmission."""
