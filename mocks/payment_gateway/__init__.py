"""Оплата услуг, налогов, сборов, штрафов: a payment gateway that charges organizations' accounts
(PAY-01, PAY-02, PAY-03, APP-06)."""
