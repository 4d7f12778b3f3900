"""Почта с фильтром получателя: letters with codes, links and notices, which the recipient's filter
may put aside (ACC-02, PWD-05, ACT-04, ROLE-05, BND-06, NTF-01, NTF-04, REG-13)."""
