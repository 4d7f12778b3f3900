"""Administration over HTTP: tenants, clocks, faults, journals, inboxes, records (`/_admin`)."""

from mocks.admin.app import PREFIX, admin_app
from mocks.admin.bridge import ask_application

__all__ = ["PREFIX", "admin_app", "ask_application"]
