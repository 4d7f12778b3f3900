"""Services that organizations offer to others through the portal (chapter SVC)."""
