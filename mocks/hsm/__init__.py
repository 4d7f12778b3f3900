"""HSM, the portal's key storage: keys by role, and who did what with them (SEC-02)."""
