"""ЕАИС: exchange of licences, registration data and credentials (INT-05, APP-09)."""
