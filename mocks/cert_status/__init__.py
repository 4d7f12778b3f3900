"""Проверка отзыва: lists of revoked certificates and OCSP (CERT-03, CERT-08)."""
