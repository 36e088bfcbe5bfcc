"""Games in which players count each other's payoffs, and what they then earn themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.concepts._rows import regrets
from solver.equilibria import Equilibria
from solver.errors import ConceptError, attempt
from solver.forms import Form
from solver.forms.normal import Floats, NormalForm
from solver.forms.weighted import weighted
from solver.game import Game
from solver.parameters import Parameter


def weighted_game(
    game: Game,
    weights: Any,
    *,
    parameters: Sequence[Parameter] = (),
    name: str | None = None,
) -> Game:
    """Wrap a game so that its players maximise W·π.

    Parameters
    ----------
    game : Game
        Of a NormalForm or an ExtensiveForm.
    weights : array-like (*B, N, N), or function
        As `solver.forms.weighted.weighted` takes them; a function is called with the values of
        `parameters` by name and returns them.
    parameters : sequence of Parameter, keyword-only
        What the weights depend on, to be swept like any other; not parameters of `game`.
    name : str, keyword-only, optional
        By default that of the game with ``-weighted`` behind it.

    Returns
    -------
    Game
        With the parameters of both. It has neither outcomes nor regime labels of `game`: those
        read payoffs as earnings, which objectives are not. See `own_payoffs`.

    Raises
    ------
    ParameterError
        Where a name is declared twice.

    Examples
    --------
    >>> from games import price_build_nf
    >>> stake = Parameter("stake", default=0.3, low=0.0, high=1.0, doc="Supplier's share.")
    >>> game = weighted_game(
    ...     price_build_nf, lambda *, stake: [[1.0, stake], [0.0, 1.0 - stake]], parameters=[stake]
    ... )
    >>> game.name, game.parameters[-1].name
    ('price_build_nf-weighted', 'stake')
    """
    added = {parameter.name for parameter in parameters}
    made = callable(weights)

    def build(**values: Any) -> Form:
        extra = {key: values.pop(key) for key in added}
        W = attempt(f"game {game.name}: weights", weights, **extra) if made else weights
        return weighted(game.build(**values), W)

    return Game(
        name=name or f"{game.name}-weighted",
        parameters=(*game.parameters, *parameters),
        build=build,
        doc=game.doc,
        references=game.references,
    )


def own_payoffs(form: NormalForm, equilibria: Equilibria) -> Floats:
    """What the players earn themselves in equilibria of a game with other objectives.

    Parameters
    ----------
    form : NormalForm over (*B)
        The game without the weights.
    equilibria : Equilibria
        Of a game with the same actions over the same batch, such as `weighted` makes.

    Returns
    -------
    (*B, K, N) float
        NaN in empty slots.

    Raises
    ------
    ConceptError
        Where the two do not fit.

    Examples
    --------
    >>> from solver import nash
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> own_payoffs(pd, nash(weighted(pd, [[1, 1], [1, 1]]))).tolist()
    [[2.0, 2.0]]
    """
    solved = equilibria.form
    if not isinstance(solved, NormalForm) or solved.shape != form.shape:
        raise ConceptError("own_payoffs needs equilibria of a normal form with the same actions")
    batch = solved.batch_shape
    try:
        same = np.broadcast_shapes(form.batch_shape, batch) == batch
    except ValueError:
        same = False
    if not same:
        raise ConceptError(
            f"own_payoffs: the game has batch shape {form.batch_shape}, the equilibria {batch}"
        )
    payoffs, _ = regrets(form.over(batch, None), equilibria.profiles, equilibria.owner)
    slots = [equilibria.slotted(payoffs[:, i], np.nan) for i in range(len(form.players))]
    return np.stack(slots, axis=-1)
