"""How a scenario writes a distribution: a mapping with exactly one of the keys of the format."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from scenarios import distributions
from scenarios.data_files import DataFileError, read_column
from scenarios.distributions import Distribution
from scenarios.durations import LONGEST_US
from scenarios.fields import (
    Duration,
    PositiveDuration,
    Probability,
    Section,
    Stages,
    Variation,
    by_key,
    wrong,
)
from world.microseconds import SECOND_US

__all__ = ["SUM_TOLERANCE", "DistributionField"]

SUM_TOLERANCE: Final = (
    1e-9  # how far from 1 a sum of shares may be: decimals such as 0.1 are not exact
)


class _Constant(Section):
    constant: Duration

    def distribution(self) -> Distribution:
        return distributions.constant(self.constant)


class _Mean(Section):
    mean: PositiveDuration


class _Exponential(Section):
    exponential: _Mean

    def distribution(self) -> Distribution:
        return distributions.exponential(self.exponential.mean)


class _MeanAndVariation(_Mean):
    cv: Variation


class _Lognormal(Section):
    lognormal: _MeanAndVariation

    def distribution(self) -> Distribution:
        mean, cv = self.lognormal.mean, self.lognormal.cv
        return distributions.lognormal(mean, cv) if cv else distributions.constant(mean)


class _Range(Section):
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise wrong("range_order")
        return self


class _Uniform(Section):
    uniform: _Range

    def distribution(self) -> Distribution:
        low, high = self.uniform.low, self.uniform.high
        return distributions.uniform(low, high) if low < high else distributions.constant(low)


class _ModeInRange(Section):
    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise wrong("range_order")
        return self


class _Triangular(Section):
    triangular: _ModeInRange

    def distribution(self) -> Distribution:
        low, mode, high = self.triangular.low, self.triangular.mode, self.triangular.high
        if low == high:
            return distributions.constant(low)
        return distributions.triangular(low, mode, high)


class _StagesAndMean(_Mean):
    k: Stages


class _Erlang(Section):
    erlang: _StagesAndMean

    def distribution(self) -> Distribution:
        return distributions.erlang(self.erlang.k, self.erlang.mean)


class _Phases(Section):
    p: list[Probability] = Field(min_length=1)
    means: list[Duration] = Field(min_length=1)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if len(self.p) != len(self.means):
            raise wrong("same_length", p=len(self.p), means=len(self.means))
        if abs(sum(self.p) - 1) > SUM_TOLERANCE:
            raise wrong("shares_sum", got=sum(self.p))
        return self


class _Hyperexponential(Section):
    hyperexponential: _Phases

    def distribution(self) -> Distribution:
        means = [float(mean) for mean in self.hyperexponential.means]
        return distributions.hyperexponential(self.hyperexponential.p, means)


def _observed(value: Any, info: ValidationInfo) -> list[int]:
    if not isinstance(value, str) or not value.strip():
        raise wrong("text")
    folder = (info.context or {}).get("folder", Path())
    try:
        return [_microseconds(value, *row) for row in read_column(folder, value, "seconds")]
    except DataFileError as error:
        raise wrong(error.code, **error.params) from None


def _microseconds(file: str, row: int, text: str) -> int:
    try:
        us = Decimal(text) * SECOND_US
    except InvalidOperation:
        us = Decimal("NaN")
    if not us.is_finite() or not 0 <= us <= LONGEST_US:
        raise DataFileError("data_seconds", file=file, row=row, got=text)
    return round(us)


class _Empirical(Section):
    empirical: Annotated[
        list[int], BeforeValidator(_observed), WithJsonSchema({"type": "string", "pattern": r"\S"})
    ]

    def distribution(self) -> Distribution:
        return distributions.empirical(self.empirical)


_Written = Annotated[
    Annotated[_Constant, Tag("<constant>")]
    | Annotated[_Exponential, Tag("<exponential>")]
    | Annotated[_Lognormal, Tag("<lognormal>")]
    | Annotated[_Uniform, Tag("<uniform>")]
    | Annotated[_Triangular, Tag("<triangular>")]
    | Annotated[_Erlang, Tag("<erlang>")]
    | Annotated[_Hyperexponential, Tag("<hyperexponential>")]
    | Annotated[_Empirical, Tag("<empirical>")],
    by_key(
        "constant", "exponential", "lognormal", "uniform", "triangular", "erlang",
        "hyperexponential", "empirical", code="distribution",
    ),
]  # fmt: skip


class _AsWritten:
    """Reads the written mapping into a Distribution; one that Python code gives passes as it is."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(
            value: Any, read_mapping: core_schema.ValidatorFunctionWrapHandler
        ) -> Distribution:
            if isinstance(value, Distribution):
                return value
            read_value: Distribution = read_mapping(value).distribution()
            return read_value

        return core_schema.no_info_wrap_validator_function(
            read,
            handler.generate_schema(_Written),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value),
        )


DistributionField = Annotated[Distribution, _AsWritten]
