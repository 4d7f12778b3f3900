"""The portal's ports that reach no registry: clocks and entropy, real and for tests."""
