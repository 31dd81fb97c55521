"""Gradient descent, explained and run: the package behind the book.

The public names are listed in `__init__.pyi` and loaded when first used, because importing
SymPy and Matplotlib takes longer than many a descent.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
