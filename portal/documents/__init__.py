"""Documents that people upload: what a file is, keeping it, giving it out again."""
