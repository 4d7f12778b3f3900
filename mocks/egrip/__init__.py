"""ЕГРИП: sole proprietors (REG-02, REG-09, APP-06).

Real: the documents FNSVipIPRequest and FNSVipIPResponse of the tax service's schema 4.0.5, КодОбр.
Ours: POST /smev without envelope and signature, the JSON of /v1.
"""
