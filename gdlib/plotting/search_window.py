"""How far a picture of one line search reaches.

The front end has the number from here: `frontend/make.py` runs this file by itself and prints it
when the package is built. So it needs nothing of the rest of the package.
"""

from __future__ import annotations

from typing import Final

REACH: Final = 8
"""How many times the rate that is taken the picture reaches to the right, at most."""
