"""How far a reader is with a question, in the words of the file that keeps it.

The front end reads the same words, printed from here: what a page exports, Python loads.
"""

FORMAT = "gdlib progress"
VERSION = 1
LEVELS = {"quizzes": ["wrong", "mended", "right"], "exercises": ["tried", "right"]}
"""From the lowest to the highest, and the first is what is not done. A prediction that was wrong at
first is mended by one that is right from the start."""
NAME = "^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$"
LONGEST = 1_000_000
"""Characters that a file may have."""
REFUSALS = {
    "long": "it is longer than any list of progress",
    "text": "it is not JSON",
    "format": "it is no list of progress that this book has written",
    "version": "another edition of this book has written it",
    "entry": "it has an entry that this book does not write",
}
"""What is said of a file that is not ours, after "This file was not read: "."""
