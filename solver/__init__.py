"""coopet: equilibria of parametric games, whole sweeps at a time. The names are in __init__.pyi."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
