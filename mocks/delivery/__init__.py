"""What SMS, e-mail and push have in common: a message on its way and the reports about it."""
