"""СМС-шлюз: codes and notices to mobile phones (ACC-02, AUTH-04, AUTH-06, BND-04, ACT-01, VER-05,
NTF-01, NTF-04)."""
