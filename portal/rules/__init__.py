"""The rules of the rule book as pure functions: one module per chapter, by the chapter's name.

A rule takes a claim (what is asserted and what is known about it) and the policy, and tells what of
the claim breaks it. There is no clock and no I/O here: the time and the answers of registries are
parts of the claim.
"""
