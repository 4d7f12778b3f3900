"""What every mock obeys: tenants, one virtual clock, keyed draws, a plan of faults, a journal."""
