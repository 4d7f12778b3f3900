"""The compiled engine: the same model in an event loop of machine code, on arrays that grow with
the cases in flight."""
