"""Payments of organizations: asked of the gateway once, watched to their end (chapter PAY)."""
