"""Money of organizations: accounts, cards and payments, where the bank and the payment gateway
meet."""
