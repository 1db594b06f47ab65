"""Groups of people that somebody asks about to learn of one of them."""


def people(first, end):
    return [f"p-{number:032x}" for number in range(first, end)]


A, B, C, D = (people(start, start + 6) for start in (0, 6, 12, 18))
ONE = people(24, 25)
# the first two less the others are one person; every pair differs in at least 12 people
FOUR_GROUPS = ([*A, *B, *ONE], [*C, *D], [*A, *C], [*B, *D])

KEY = bytes(range(32))
JANUARY, FEBRUARY, APRIL = (0, 31), (31, 59), (90, 120)
