"""Личный кабинет налогоплательщика and «Мой бизнес»: consents to the portal's access to tax
services, messages, an organization's data as ФНС shows them (APP-10, BND-13).

All of the protocol is ours: the real cabinet has pages for people and no public interface. Nobody
signs in here: whoever names the ИНН of the head acts as the head.
"""
