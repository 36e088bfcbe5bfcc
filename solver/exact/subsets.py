"""How extreme equilibria hang together.

Let each extreme equilibrium (x, y) be an edge between the vertices x and y of a bipartite graph.
Where every vertex of X has an edge to every vertex of Y, all of conv X × conv Y is equilibria.
The maximal such X × Y, the maximal bicliques, are the maximal Nash subsets: each a polytope, their
union the set of all equilibria, and two of them meet exactly when they share an extreme
equilibrium. The topological components of that set are thus the components of the graph (Winkels
1979; Jansen 1981; Avis, Rosenberg, Savani and von Stengel 2010, §3).

Vertices are whole numbers here, so this serves answers in floating point as well.

References
----------
D. Avis, G. Rosenberg, R. Savani, B. von Stengel (2010), Enumeration of Nash equilibria for
two-player games, Economic Theory 42.
M. J. M. Jansen (1981), Maximal Nash subsets for bimatrix games, Naval Res. Logist. Quart. 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pairs = Sequence[tuple[int, int]]
Groups = tuple[tuple[int, ...], ...]


def components(pairs: Pairs) -> Groups:
    """Connected components of a bipartite graph, as indices of its edges.

    Parameters
    ----------
    pairs : sequence of (int, int)
        One edge per extreme equilibrium: a number >= 0 for its x and one for its y; equal
        strategies have equal numbers. The x are numbered apart from the y.

    Returns
    -------
    tuple of tuple of int
        Indices into `pairs`, each in one component; ascending, as are the first ones.

    Notes
    -----
    Union-find: nearly linear in the number of edges.

    Examples
    --------
    >>> components([(0, 0), (1, 1), (0, 2)])
    ((0, 2), (1,))

    """
    leader: dict[int, int] = {}
    for i, j in pairs:
        leader[_leader(leader, 2 * i)] = _leader(leader, 2 * j + 1)
    groups: dict[int, list[int]] = {}
    for k, (i, _) in enumerate(pairs):
        groups.setdefault(_leader(leader, 2 * i), []).append(k)
    return tuple(map(tuple, groups.values()))


def _leader(leader: dict[int, int], node: int) -> int:
    """Who stands for the set of `node`; the way there is halved for the next time."""
    while leader.setdefault(node, node) != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node


def maximal_bicliques(pairs: Pairs, *, most: int = 10_000) -> Groups | None:
    """Maximal complete bipartite subgraphs X × Y, as indices of their edges.

    Parameters
    ----------
    pairs : sequence of distinct (int, int)
        As for `components`.
    most : int
        There can be exponentially many; beyond this many the answer is None.

    Returns
    -------
    tuple of tuple of int, or None
        Indices into `pairs`, ascending; sorted. Every edge is in at least one.

    Notes
    -----
    The Y of a maximal biclique is an intersection of neighbourhoods of vertices x, and each
    non-empty intersection is one. They are built up x by x, in time proportional to the number of
    vertices times that of bicliques, for each component.

    Examples
    --------
    >>> maximal_bicliques([(0, 0), (0, 1), (1, 1)])
    ((0, 1), (1, 2))

    """
    found: list[tuple[int, ...]] = []
    for group in components(pairs):
        edges = {pairs[k]: k for k in group}
        neighbours = _neighbours(edges)
        closed = _closed_sets(set(neighbours.values()), most - len(found))
        if closed is None:
            return None
        found += [_edges(edges, neighbours, Y) for Y in closed]
    return tuple(sorted(found))


def _neighbours(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each x the set of its y, as a bit mask."""
    masks: dict[int, int] = {}
    for i, j in edges:
        masks[i] = masks.get(i, 0) | 1 << j
    return masks


def _closed_sets(masks: set[int], most: int) -> set[int] | None:
    """All non-empty intersections of `masks`; None if there are more than `most`."""
    closed: set[int] = set()
    for mask in masks:
        closed |= {mask & other for other in closed}
        closed.add(mask)
        closed.discard(0)
        if len(closed) > most:
            return None
    return closed


def _edges(
    edges: dict[tuple[int, int], int], neighbours: dict[int, int], Y: int
) -> tuple[int, ...]:
    """Indices of the edges of X × Y, X being all vertices that have an edge to each of Y."""
    X = {i for i, mask in neighbours.items() if not Y & ~mask}
    return tuple(sorted(k for (i, j), k in edges.items() if i in X and Y >> j & 1))
