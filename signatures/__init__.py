"""Electronic signatures: keys, certificates, CMS, XMLDSig, and their verification at a moment."""
