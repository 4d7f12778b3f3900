"""The steps of the specs: few, general, typed, in Russian. One module for each kind of step."""
