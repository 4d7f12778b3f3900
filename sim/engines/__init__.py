"""How it is simulated: engines that run a compiled model, and the record of what happened."""
