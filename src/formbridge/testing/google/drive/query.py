"""Drive's search language: what ``q`` of ``files.list`` and ``drives.list`` says.

    condition := factor { ("and" | "or") factor }         from left to right
    factor    := "not" factor | "(" condition ")" | term
    term      := name operator value | value "in" name | name "in" value
               | name "has" "{" "key" "=" text "and" "value" "=" text "}"

A vocabulary (see ``terms``) says which names, operators and values there are. A search is read
into a predicate, so that what is compared with each file was understood once.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.drive.refusals import invalid_value
from formbridge.testing.google.drive.words import END, NotUnderstood, Word, words

DEPTH = 50
"""How deep parentheses and negations may lie in each other."""

Thing = TypeVar("Thing")
Predicate = Callable[[Thing], bool]
Term = Callable[[str, Word], Predicate[Thing]]
"""What a name means: an operator and a value become a predicate; raises ``NotUnderstood``."""

MARKS = frozenset({"=", "!=", "<", "<=", ">", ">="})
JOINTS = frozenset({"and", "or"})


@attrs.frozen(kw_only=True)
class Search(Generic[Thing]):
    """A search that was understood: which things it finds, and which names it speaks of."""

    matches: Predicate[Thing]
    names: frozenset[str] = frozenset()


@behaves("a search that cannot be read is an Invalid Value of q", DOCUMENTED)
def search(text: str, terms: Mapping[str, Term[Thing]]) -> Search[Thing]:
    """Return what a search finds; raise the 400 ``Invalid Value``. No text finds everything."""
    if not text.strip():
        return Search(matches=lambda _: True)
    try:
        reader = _Reader(list(words(text)), terms)
        matches = reader.whole()
    except NotUnderstood:
        raise invalid_value("q") from None
    return Search(matches=matches, names=frozenset(reader.names))


class _Reader(Generic[Thing]):
    """A recursive descent through the words."""

    def __init__(self, read: list[Word], terms: Mapping[str, Term[Thing]]) -> None:
        self.words = read
        self.terms = terms
        self.names: set[str] = set()
        self.at = 0

    def whole(self) -> Predicate[Thing]:
        matches = self.condition(DEPTH)
        self.expect(END)
        return matches

    @behaves("and and or are read from left to right", DOCUMENTED)
    def condition(self, depth: int) -> Predicate[Thing]:
        first = self.factor(depth)
        rest: list[tuple[bool, Predicate[Thing]]] = []
        while self.peek().kind == "name" and self.peek().text.lower() in JOINTS:
            both = self.next().text.lower() == "and"
            rest.append((both, self.factor(depth)))
        return joined(first, rest) if rest else first

    def factor(self, depth: int) -> Predicate[Thing]:
        if not depth:
            raise NotUnderstood
        word = self.next()
        if word.kind == "name" and word.text.lower() == "not":
            inner = self.factor(depth - 1)
            return lambda thing: not inner(thing)
        if word == OPEN:
            matches = self.condition(depth - 1)
            self.expect(CLOSE)
            return matches
        return self.term(word)

    @behaves("a collection may stand on either side of in", RECORDED)
    def term(self, word: Word) -> Predicate[Thing]:
        operator = self.operator()
        if operator == "has":
            return self.named(word, operator, self.pair())
        value = self.next()
        if operator == "in" and value.kind == "name":
            word, value = value, word
        return self.named(word, operator, value)

    def named(self, name: Word, operator: str, value: Word) -> Predicate[Thing]:
        term = self.terms.get(name.text) if name.kind == "name" else None
        if term is None or value.kind in {"mark", "end"}:
            raise NotUnderstood
        self.names.add(name.text)
        return term(operator, value)

    def operator(self) -> str:
        word = self.next()
        operator = word.text.lower()
        allowed = MARKS if word.kind == "mark" else {"contains", "in", "has"}
        if word.kind not in {"mark", "name"} or operator not in allowed:
            raise NotUnderstood
        return operator

    @behaves("has takes a key and a value in braces", DOCUMENTED)
    def pair(self) -> Word:
        """Read ``{ key='k' and value='v' }``, in either order, as one word."""
        self.expect(Word("mark", "{"))
        parts = dict([self.part()])
        if self.next().text.lower() != "and":
            raise NotUnderstood
        parts |= [self.part()]
        self.expect(Word("mark", "}"))
        if parts.keys() != {"key", "value"}:
            raise NotUnderstood
        return Word("pair", f"{parts['key']}\0{parts['value']}")

    def part(self) -> tuple[str, str]:
        name = self.next()
        self.expect(Word("mark", "="))
        value = self.next()
        if value.kind != "text":
            raise NotUnderstood
        return name.text, value.text

    def expect(self, word: Word) -> None:
        if self.next() != word:
            raise NotUnderstood

    def peek(self) -> Word:
        return self.words[self.at] if self.at < len(self.words) else END

    def next(self) -> Word:
        word = self.peek()
        self.at += 1
        return word


OPEN, CLOSE = Word("mark", "("), Word("mark", ")")


def joined(first: Predicate[Thing], rest: list[tuple[bool, Predicate[Thing]]]) -> Predicate[Thing]:
    """Return what conditions say from left to right; with ``True`` one is joined by ``and``."""

    def matches(thing: Thing) -> bool:
        result = first(thing)
        for both, other in rest:
            if both is result:
                result = other(thing)
        return result

    return matches
