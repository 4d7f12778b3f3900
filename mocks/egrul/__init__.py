"""ЕГРЮЛ: legal entities (REG-02, REG-03, REG-04, REG-06, REG-07, REG-14, REG-15, BND-13, APP-06).

Real: the documents FNSVipULRequest and FNSVipULResponse of the tax service's schema 4.0.6, КодОбр,
the public search's paths and fields. Ours: POST /smev without envelope and signature, the JSON of
/v1, how long tokens live and extracts are made.
"""
