"""`python -m evaluation`: the report on the held-out part; `--development` for the part that was used for tuning."""

import sys

from evaluation.pairs import EvaluationSet, fingerprint
from evaluation.report import lines

if __name__ == "__main__":
    print(f"set {fingerprint()[:16]}; intervals of 95 %: Wilson over rows, then bootstrap over groups")
    print("\n".join(lines(EvaluationSet(), held_out="--development" not in sys.argv)))
