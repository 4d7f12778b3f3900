"""The archive of documents with what confirms them: encrypted copies in two places (EDI-04)."""
