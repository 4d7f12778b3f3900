"""The country: calendar, organizations, keyed draws; functions of (seed, index), nothing stored."""
