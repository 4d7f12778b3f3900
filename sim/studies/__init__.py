"""Studies: experiments over many runs, whose variants share their random numbers."""
