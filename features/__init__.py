"""What the portal must do, in Russian Gherkin by chapter of the rule book, and its steps."""
