"""Registration of an organization: confirmations, the application, changes of the register."""
