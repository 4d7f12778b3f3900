"""Биометрическое подтверждение: is it this person who asks (UNB-02).

The terms are those of the Единая биометрическая система (572-ФЗ): templates of face and voice of a
level and a term, a degree of confidence in place of an image, consent that may be withdrawn, one
person compared with one template. Paths and field names are ours, as are the samples: a picture or
a sound of a keyed vector (`mocks.biometry.samples`). `POST /v1/people/{snils}/samples` stands for
the person before the camera or the microphone.
"""
