"""Learn the weights of `catalogue/mapping/candidates/likelihood.json` from the development part: `python -m evaluation.training`.

A conditional logit over the names retrieved and "no counterpart", by maximum likelihood with a penalty on the square of
the weights (drawn toward 0), fitted with SciPy. The strength of the penalty is chosen by leaving out groups within the
development part. The held-out part is not read.
"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from catalogue.likeness.similarity import compare
from catalogue.mapping.candidates.likelihood import NAME_FEATURES, NONE_FEATURES, WEIGHTS, name_features, none_features
from catalogue.mapping.candidates.terms import Term, TermIndex
from evaluation.pairs import EvaluationSet, Name, Pair

Matrix = NDArray[np.float64]
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class Choice:
    """One question: the features of every alternative (names, then "no counterpart"), and which are right."""

    group: str
    features: Matrix
    right: NDArray[np.bool_]


def term(name: Name) -> Term:
    """A name of the evaluation set as a term."""
    return Term(f"{name.scheme} {name.key}", name.name, code=name.key)


def index_of(names: list[Name], made: dict[tuple[str, ...], TermIndex]) -> TermIndex:
    """The index of some names, made once for each list of them."""
    key = tuple(f"{name.scheme} {name.key}" for name in names)
    if key not in made:
        made[key] = TermIndex(term(name) for name in names)
    return made[key]


def choices(data: EvaluationSet, pairs: list[Pair]) -> list[Choice]:
    """The questions of `pairs`; one whose answer is not retrieved teaches nothing and is left out."""
    made: dict[tuple[str, ...], TermIndex] = {}
    found = []
    for pair in pairs:
        index = index_of(data.searched(pair), made)
        (sought,) = term(pair.local).wordings()
        right_keys = {f"{scheme} {key}" for scheme, key in data.right(pair)}
        rows: list[tuple[float, ...]] = []
        right: list[bool] = []
        for entry in index.retrieve([sought]):
            values = name_features(index, sought, entry.wordings[0], compare(sought, entry.wordings[0]))
            rows.append((*values, *(0.0 for _ in NONE_FEATURES)))
            right.append(entry.term.key in right_keys)
        rows.append((*(0.0 for _ in NAME_FEATURES), *none_features(index, sought)))
        right.append(not pair.answers)
        if any(right):
            found.append(Choice(pair.group, np.array(rows), np.array(right)))
    return found


def fit(questions: list[Choice], penalty: float) -> Matrix:
    """The weights that make the right alternatives most probable."""
    size = len(NAME_FEATURES) + len(NONE_FEATURES)
    free = np.array([0.0 if name == "bias" else 1.0 for name in (*NAME_FEATURES, *NONE_FEATURES)])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = penalty * float(free @ weights**2), 2 * penalty * free * weights
        for question in questions:
            sums = question.features @ weights
            powers = np.exp(sums - sums.max())
            share = powers / powers.sum()
            chosen = powers * question.right
            total -= float(np.log(chosen.sum() / powers.sum()))
            slope = slope + question.features.T @ (share - chosen / chosen.sum())
        return total, slope

    # What agrees never counts against, what contradicts never for: with few pairs, chance would say otherwise.
    signs = [(0.0, None)] * 6 + [(None, 0.0)] * 4 + [(None, None), (0.0, None)]
    return np.asarray(minimize(loss, np.zeros(size), jac=True, bounds=signs, method="L-BFGS-B").x)


def log_loss(questions: list[Choice], weights: Matrix) -> float:
    """The mean negative logarithm of the probability of the right alternatives."""
    total = 0.0
    for question in questions:
        sums = question.features @ weights
        powers = np.exp(sums - sums.max())
        total -= float(np.log((powers * question.right).sum() / powers.sum()))
    return total / len(questions)


def fold_of(group: str) -> int:
    """In which of five parts a group is left out."""
    return hashlib.sha256(f"fold {group}".encode()).digest()[0] % 5


def left_out(questions: list[Choice], penalty: float) -> float:
    """The log loss on groups that were left out of the fit."""
    total = 0.0
    for fold in range(5):
        held = [one for one in questions if fold_of(one.group) == fold]
        total += log_loss(held, fit([one for one in questions if fold_of(one.group) != fold], penalty)) * len(held)
    return total / len(questions)


def main() -> None:
    """Fit on the development part and write the file."""
    data = EvaluationSet()
    development = [pair for pair in data.pairs if not pair.held_out and not pair.same_wording]
    questions = choices(data, development)
    losses = {penalty: left_out(questions, penalty) for penalty in PENALTIES}
    penalty = min(losses, key=losses.__getitem__)
    learned = fit(questions, penalty)
    written = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    names, none = learned[: len(NAME_FEATURES)], learned[len(NAME_FEATURES) :]
    written["names"] = {name: round(float(weight), 3) for name, weight in zip(NAME_FEATURES, names, strict=True)}
    written["none"] = {name: round(float(weight), 3) for name, weight in zip(NONE_FEATURES, none, strict=True)}
    written["learned"]["questions"] = len(questions)
    written["learned"]["penalty"] = penalty
    WEIGHTS.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for one, loss in losses.items():
        print(f"penalty {one:<5} log loss on groups left out {loss:.3f}")
    print(json.dumps(written, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
