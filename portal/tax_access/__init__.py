"""Access to the tax services of ФНС, which the taxpayer confirms there (APP-10)."""
