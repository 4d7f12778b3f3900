"""ЕСИА: sign-in through the state's identity provider, as a person or for an organization."""
