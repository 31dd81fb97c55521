"""When a curvature counts as 0.

The front end has the number from here: `frontend/make.py` runs this file by itself and prints it
when the package is built. So it needs neither NumPy nor the rest of the package.
"""

from __future__ import annotations

from typing import Final

FLAT: Final = 1e-8
"""An eigenvalue of the Hessian counts as 0 at this share of the largest, or below: rounding leaves
errors near 1e−16 of the largest in both, and more where a formula cancels."""
