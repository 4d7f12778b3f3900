"""Stand-ins for the registries and services around the portal: faults, a journal, one clock."""
