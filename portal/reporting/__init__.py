"""Reports of organizations: prepared, signed, filed, corrected (APP-07, APP-08)."""
