"""Кабинет физических лиц: an employee's data for an organization, with the person's consent
(INT-05, ROLE-06).

The course is that of consents of Госуслуги: an organization asks, the person sees the request in
the cabinet and approves, declines or later withdraws it, the consent has a term. Employer's reports
are named as in ЕФС-1 («ПРИЕМ», «ПЕРЕВОД», «УВОЛЬНЕНИЕ»). Paths and field names are ours. Nobody
signs in: `/v1/cabinet/{snils}` stands for the person.
"""
