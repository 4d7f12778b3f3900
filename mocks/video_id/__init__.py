"""Видеоверификация: an operator sees the applicant and the passport in a video call (ACC-03).

The protocol is ours: services of video identification have no common one. Theirs is the course: a
session with a link of a limited life, consent to recording, liveness, comparison with documents, a
record that is kept. `POST /join/{token}` stands for the applicant before the camera.
"""
