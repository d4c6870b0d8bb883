"""The pages of an account's ledgers, below `/desk/accounts/ID/`."""
