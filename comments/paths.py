"""A comment's place in its thread as text: what stands beneath what, in reading order.

Each level adds the comment's number in its thread, padded, so that the order of texts is the order
of reading, and a comment's replies at any depth are those whose path begins with its own.
"""

# One level's part of a path; text order is number order up to here.
PATH_WIDTH = 10
# Behind every path, which is made of digits.
BEHIND_ALL = "~"


def path_of(number: int, *, above: str = "") -> str:
    """The path of the comment with this number, beneath the one at `above`."""
    return f"{above}{number:0{PATH_WIDTH}}"


def root_of(path: str) -> str:
    """The path of the first comment of a branch."""
    return path[:PATH_WIDTH]


def number_of_root(path: str) -> int:
    """The number of the first comment of a branch."""
    return int(root_of(path))


def above(path: str) -> list[str]:
    """The paths of all that a comment stands beneath, outermost first."""
    return [path[:end] for end in range(PATH_WIDTH, len(path), PATH_WIDTH)]


def behind_branch(path: str) -> str:
    """A text behind all that stands beneath this path, and before what comes next."""
    return path + BEHIND_ALL
