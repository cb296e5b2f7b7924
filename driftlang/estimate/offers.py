"""Offers: which method is used for which estimate, and at how many runs.

In: nothing; this module defines. Out: names of methods, as estimates carry them.
Refuses to do: a method at a size at which it does not cover. What each method does is shown by simulation in
`generated/coverage.md`: at a size, a method is offered where the nominal 95 % interval covers at least 93 % in every
setting and has a width in every study; of those the one that is narrowest on average is used.
"""

#: The mean over runs; see `bounded`.
BOUNDED_MEAN = "limits of a bounded mean (Gaffke 2005)"
#: Differences of two and of four means; see `mover`.
MOVER = "MOVER (Zou and Donner 2008) on limits of bounded means, correlations tempered"
#: The tests; see `mover.zero_sum_p_values` and `sign_flips`.
INVERTED = "inversion of the interval"
SIGN_FLIPS = "exact sign flips of paired runs (Fisher 1935)"
