"""Games of supplier and customer; their table is __init__.pyi.

``from games import phase`` gives the Game of that name. GAMES lists the names.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

GAMES = tuple(__all__)
