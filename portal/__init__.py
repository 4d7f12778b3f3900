"""The reference portal: rules as pure functions, one module per use case, a port per registry."""
