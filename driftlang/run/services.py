"""The providers of a run: their settings, keys, prices and paces, and the run's money.

In: a user's files of providers and prices, the environment, and trials. Out: an `Upstream` and a `Subject` for any
model that can be reached.
Refuses to do: beginning a run with a model that cannot be reached, or one under a limit of money whose price is not
known.
"""

from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import PlannedTrial
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.gateway.forms import Upstream
from driftlang.gateway.ledger import LEDGER_FILE, Ledger, shown
from driftlang.gateway.pace import Pace
from driftlang.gateway.prices import FREE, Price, read_prices
from driftlang.gateway.providers import ModelFacts, Provider, key_of, read_providers
from driftlang.run.configuration import ALIAS, COMPATIBLE, USUAL_FACTS, Subject
from driftlang.run.model_options import read_options


@frozen
class Spending:
    """What a run has cost.

    Attributes:
        dollars: with what earlier runs in its folder have; as far as prices are known.
        unpriced: models whose price is not.
        exceeded: why the run was ended before its time; empty when it was not.
    """

    dollars: Decimal = Decimal(0)
    unpriced: tuple[str, ...] = ()
    exceeded: str = ""


@frozen
class Services:
    """What stands behind the names of real models.

    Attributes:
        ledger: the run's money.
    """

    providers: dict[str, Provider] = field(factory=dict)
    prices: dict[str, Price] = field(factory=dict)
    ledger: Ledger = field(factory=Ledger)
    _keys: dict[str, str] = field(factory=dict, repr=False)
    _paces: dict[str, Pace] = field(factory=dict, repr=False)

    def provider_of(self, model: str) -> tuple[str, Provider]:
        """Name and settings of who serves `model` (`provider/name`).

        Raises:
            Failure: there is none of that name.
        """
        name, _, rest = model.partition("/")
        if name not in self.providers or not rest:
            close = get_close_matches(name, self.providers, 1)
            known = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(sorted(self.providers))}, sim"
            raise Failure(
                f"no provider of `{model}` can be reached: there is none of the name `{name}`",
                help=f"{known}; others can be added in a file, see `--providers`",
                status=ExitStatus.MISUSE,
            )
        return name, self.providers[name]

    def price_of(self, model: str) -> Price | None:
        """What the tokens of `model` cost; nothing where that is not known."""
        _, provider = self.provider_of(model)
        return self.prices.get(model) or (FREE if provider.is_free else None)

    @property
    def rooms(self) -> dict[str, int]:
        """How many trials of a provider may go on at a time, by its name: a trial has about one call under way."""
        return {name: provider.concurrency for name, provider in self.providers.items() if provider.concurrency}

    def check(self, trial: PlannedTrial, *, has_keys: bool = True) -> None:
        """See that the trial's model can be reached, paid for, and takes its options.

        Without `has_keys` the calls are made by another machine, which has the keys.

        Raises:
            Failure: it cannot.
        """
        self.check_model(trial.model, has_keys=has_keys)
        _, provider = self.provider_of(trial.model)
        read_options(provider.package, trial.model, trial.options)

    def check_model(self, model: str, *, has_keys: bool = True) -> None:
        """See that `model` can be reached and paid for; see `check`."""
        name, provider = self.provider_of(model)
        if has_keys and name not in self._keys:
            self._keys[name] = key_of(name, provider)
            self._paces[name] = Pace(
                concurrency=provider.concurrency,
                requests_per_minute=provider.requests_per_minute,
                tokens_per_minute=provider.tokens_per_minute,
            )
        if self.ledger.budget is not None and self.price_of(model) is None:
            raise Failure(
                f"the price of `{model}` is not known, so that the limit of {shown(self.ledger.budget)} cannot be kept",
                help=f'state it in a file of prices, as ["{model}"] with `input` and `output` in dollars for a '
                "million tokens, and name that with `--prices`",
                status=ExitStatus.MISUSE,
            )

    def upstream(self, trial: PlannedTrial, subject: Subject) -> Upstream:
        """Where the calls of the trial's model go; `check` was asked before."""
        return self.upstream_of(trial.model, subject.model)

    def upstream_of(self, model: str, called: str = "") -> Upstream:
        """Where the calls of `model` go, of whoever calls it `called`; `check_model` was asked before."""
        name, provider = self.provider_of(model)
        own = model.partition("/")[2]
        return Upstream(
            base_url=provider.base_url,
            api_key=self._keys[name],
            protocol=provider.protocol,
            model=own,
            alias="" if called in ("", own) else called,
            price=self.price_of(model),
            pace=self._paces[name],
            ledger=self.ledger,
        )

    def subject(self, trial: PlannedTrial, harness: str, base_url: str) -> Subject:
        """The trial's model as OpenCode is to see it: under its own names, or under one that all models share."""
        name, provider = self.provider_of(trial.model)
        model = trial.model.partition("/")[2]
        is_neutral = harness == "neutral"
        options = read_options(provider.package, trial.model, trial.options)
        provider_id, model_id = ALIAS if is_neutral else (name, model)
        return Subject(
            provider_id,
            model_id,
            base_url,
            is_neutral,
            package=provider.package,
            facts=_facts(provider, model, is_neutral=is_neutral),
            model_options=options.of_model,
            agent_options=options.of_agent,
        )


def load_services(
    folder: Path, *, budget: Decimal | None = None, providers: Path | None = None, prices: Path | None = None
) -> Services:
    """The services of a run in `folder`, with what earlier runs there have spent.

    Raises:
        Failure: a file of settings is damaged.
    """
    ledger = Ledger(budget, folder / LEDGER_FILE)
    return Services(read_providers(providers), read_prices(prices), ledger)


def _facts(provider: Provider, model: str, *, is_neutral: bool) -> ModelFacts:
    """What OpenCode is to be told: all where it does not know the model, by that name or at all."""
    facts = provider.facts_of(model)
    if not is_neutral and facts.is_catalogued:
        return ModelFacts()
    if facts == ModelFacts() and (is_neutral or provider.package == COMPATIBLE):
        return USUAL_FACTS
    return facts
