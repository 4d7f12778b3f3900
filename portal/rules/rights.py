"""The rights of the rule book's `rights` (ROLE-01), as the portal's code names them."""

from typing import Final

__all__ = [
    "ACCESS_SETTINGS",
    "EDIT_ORGANIZATION",
    "FINANCIAL_REPORTS",
    "MANAGE_ALL_DOCUMENTS",
    "MANAGE_CERTIFICATES",
    "MANAGE_USERS",
    "NOTIFICATION_SETTINGS",
    "PREPARE_APPLICATIONS",
    "PUBLISH_SERVICES",
    "REQUEST_EXTRACTS",
    "SIGN",
    "SUBMIT_APPLICATIONS",
    "SUBMIT_REPORTS",
    "UNBIND",
    "UPLOAD_DOCUMENTS",
    "VIEW_APPLICATIONS",
    "VIEW_AUDIT",
    "VIEW_PAYMENTS",
    "VIEW_REPORTS",
]

SIGN: Final = "sign_and_submit"
"""To sign for an organization; a new head has it once their signature is confirmed (HEAD-03)."""

EDIT_ORGANIZATION: Final = "edit_organization"
ACCESS_SETTINGS: Final = "access_settings"
VIEW_AUDIT: Final = "view_audit"  # AUD-02
MANAGE_CERTIFICATES: Final = "manage_certificates"  # CERT-18
UNBIND: Final = "unbind"  # UNB-01

MANAGE_USERS: Final = "manage_users"
"""To add employees and to change what they may (ROLE-04)."""

PREPARE_APPLICATIONS: Final = "prepare_applications"
SUBMIT_APPLICATIONS: Final = "submit_applications"
VIEW_APPLICATIONS: Final = "view_applications"

SUBMIT_REPORTS: Final = "submit_reports"
VIEW_REPORTS: Final = "view_reports"
FINANCIAL_REPORTS: Final = "financial_reports"

UPLOAD_DOCUMENTS: Final = "upload_documents"
MANAGE_ALL_DOCUMENTS: Final = "manage_all_documents"
REQUEST_EXTRACTS: Final = "request_extracts"

VIEW_PAYMENTS: Final = "view_payments"
"""The accountant and the head have it (PAY-03)."""

PUBLISH_SERVICES: Final = "publish_services"
"""To describe and publish services of an organization, and to look after all of them."""

NOTIFICATION_SETTINGS: Final = "notification_settings"
"""Everybody in an organization has it: to settings of their own."""
