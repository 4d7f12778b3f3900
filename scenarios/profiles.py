"""Named rate profiles: assumptions about when organizations use a public service.

`office_hours`: a working day with a lunch dip, little at night, weekends at a fifth (OPS-04 names
weekday mornings as the quiet time). `evening`: what people do for themselves after work.
"""

from scenarios.format import Profile, ProfileName

__all__ = ["PROFILES"]

PROFILES: dict[ProfileName, Profile | None] = {
    "flat": None,
    "office_hours": Profile(
        hours=[
            *(1, 1, 1, 1, 1, 2, 4, 10, 30, 70, 95, 100),
            *(85, 70, 90, 95, 85, 60, 30, 18, 12, 8, 4, 2),
        ],
        weekdays=[1, 1, 1, 1, 0.9, 0.2, 0.15],
        holidays=0.12,
    ),
    "evening": Profile(
        hours=[
            *(6, 3, 2, 1, 1, 2, 5, 10, 18, 25, 28, 30),
            *(32, 30, 30, 32, 40, 60, 85, 100, 95, 75, 40, 15),
        ],
        weekdays=[1, 1, 1, 1, 0.9, 0.8, 0.8],
        holidays=0.7,
    ),
}
