"""A figure that was measured, with the bar that it must clear."""

import attrs


@attrs.frozen(kw_only=True)
class Figure:
    """One line of the results. ``bar`` is the least that is promised; None: it is only stated.

    ``higher`` says whether more is better.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    higher: bool = True
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure clears its bar; None if it has none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.higher else self.value <= self.bar

    def row(self) -> str:
        """Return the figure as a row of a Markdown table."""
        verdict = {None: "", True: "yes", False: "**no**"}[self.holds]
        sign = "≥" if self.higher else "≤"
        bar = "" if self.bar is None else f"{sign} {self.bar:,g}"
        value = f"{self.value:.3g}" if abs(self.value) < 1000 else f"{self.value:,.0f}"
        return f"| {self.name} | {value} {self.unit} | {bar} | {verdict} | {self.note} |"
