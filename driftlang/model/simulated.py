"""The names that simulated models go by, and the names of their options.

In: nothing; this module defines. Out: `SIMULATED_MODELS` and `SIMULATED_OPTIONS`, which `check` compares with what a
study says, and for each of which `driftlang.sim.law` has a law or a parameter; likewise `SIMULATED_JUDGES` and
`JUDGE_OPTIONS` of `driftlang.sim.judge`.
Refuses to do: knowing what a law is.
"""

#: Models that can be simulated, as studies name them.
SIMULATED_MODELS = ("sim/keeper", "sim/breaker", "sim/drifter")
#: Options of a simulated model: the parameters of its law.
SIMULATED_OPTIONS = ("base", "pressure", "severity", "step", "lean", "leans_to", "persistence")
#: Judges that can be simulated, and the names of their options.
SIMULATED_JUDGES = ("sim/judge",)
JUDGE_OPTIONS = ("sensitivity", "specificity", "abstain", "persistence", "seed")
