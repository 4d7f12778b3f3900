"""Push-уведомления: notices to the portal's application on people's devices (NTF-01, NTF-04)."""
