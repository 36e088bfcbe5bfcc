"""Numbers of game files: decimal or fraction in, exact fraction out, and back."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import final

from solver.formats._text import quoted

#: Digits of a numerator or denominator: every double has fewer than 1,100.
MOST_DIGITS = 2_000
#: Sum of the exponents of the numbers of a file, which bounds what they expand to to 100 MB:
#: ``1e1999`` takes six characters in a file and 800 bytes as a number.
MOST_SCALE = 200_000_000
#: Bits of a sum that cost next to nothing, and bits beyond them of all sums of a file, which bounds
#: their time to a second and their memory to 10 MB.
FREE_BITS, MOST_BITS = 512, 40_000_000
#: Different numbers that are kept to be found again.
MOST_KNOWN = 50_000

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<top>[0-9]++)/(?P<bottom>[0-9]++)"
    r"|(?=\.?[0-9])(?P<whole>[0-9]*+)(?:\.(?P<part>[0-9]*+))?(?:[eE](?P<exponent>[+-]?[0-9]++))?)"
)
_BOUND = 10**MOST_DIGITS


@final
class Numbers:
    """Reads the numbers of one file; equal ones are kept once."""

    def __init__(self) -> None:
        self._known: dict[str, Fraction] = {}
        self._scale = 0

    def read(self, text: str) -> Fraction:
        """The exact value of ``3``, ``-2/5``, ``.5``, ``+5.`` or ``1.5e-3``.

        Raises
        ------
        ValueError
            With one sentence that quotes `text`.
        """
        value = self._known.get(text)
        if value is None:
            value = self._read(text)
            if len(self._known) < MOST_KNOWN:
                self._known[text] = value
        return value

    def _read(self, text: str) -> Fraction:
        found = _NUMBER.fullmatch(text)
        if found is None:
            raise ValueError(f"{quoted(text)} is not a number such as 3, -2/5, .5 or 1e-3")
        sign, top, bottom, whole, part, exponent = found.groups()
        if top is not None:
            if max(len(top), len(bottom)) > MOST_DIGITS:
                raise ValueError(f"{quoted(text)} has a number of over {MOST_DIGITS:,} digits")
            if not int(bottom):
                raise ValueError(f"{quoted(text)} divides by zero")
            value = Fraction(int(top), int(bottom))
        else:
            value = self._decimal(text, whole, part or "", exponent or "0")
        return -value if sign == "-" else value

    def _decimal(self, text: str, whole: str, part: str, exponent: str) -> Fraction:
        digits, size = whole + part, exponent.lstrip("+-0")
        if len(digits) > MOST_DIGITS:
            raise ValueError(f"{quoted(text)} has over {MOST_DIGITS:,} digits")
        if len(size) > len(str(MOST_DIGITS)) or int(size or 0) > MOST_DIGITS:
            raise ValueError(f"{quoted(text)} has an exponent of over {MOST_DIGITS:,}")
        power = int(size or 0)
        self._scale += power
        if self._scale > MOST_SCALE:
            raise ValueError(f"the exponents of all numbers add up to over {MOST_SCALE:,}")
        shift = (-power if exponent.startswith("-") else power) - len(part)
        value = (
            Fraction(int(digits) * _power(shift))
            if shift >= 0
            else Fraction(int(digits), _power(-shift))
        )
        _require_size(value, quoted(text))
        return value


@final
class Sums:
    """Adds the numbers of one file; denominators that multiply do not run away."""

    def __init__(self) -> None:
        self._work = 0

    def add(self, first: Fraction, second: Fraction) -> Fraction:
        """The exact sum.

        Raises
        ------
        ValueError
            When it has too many digits to be written, or all sums together do.
        """
        return self._checked(first + second)

    def divide(self, first: Fraction, second: Fraction) -> Fraction:
        """The exact quotient; raises as `add` does."""
        return self._checked(first / second)

    def _checked(self, value: Fraction) -> Fraction:
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        if bits > FREE_BITS:
            _require_size(value, "a sum")
            self._work += bits
            if self._work > MOST_BITS:
                raise ValueError("the sums of long numbers have too many digits in all")
        return value


def _require_size(value: Fraction, shown: str) -> None:
    """Raise ValueError for a value that could not be read back from a file."""
    if abs(value.numerator) >= _BOUND or value.denominator >= _BOUND:
        raise ValueError(f"{shown} has over {MOST_DIGITS:,} digits")


def fraction_text(value: Fraction) -> str:
    """``3`` or ``-2/5``: text that `Numbers` reads back as `value`."""
    _require_size(value, "one of them")
    return str(value)


def float_text(value: float) -> str:
    """The shortest text that reads back as the same float; `value` is finite."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


@lru_cache(maxsize=2 * MOST_DIGITS)
def _power(exponent: int) -> int:
    return int(10**exponent)
