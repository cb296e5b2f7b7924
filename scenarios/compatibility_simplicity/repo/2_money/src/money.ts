/** Amounts in minor units of a currency. */

export interface Money {
  minor: number;
  currency: string;
}

/** The sum of amounts in one currency. */
export function sum(amounts: Money[]): Money {
  const [first, ...others] = amounts;
  if (first === undefined) throw new RangeError("there is nothing to add up");
  if (others.some((other) => other.currency !== first.currency)) {
    throw new RangeError("amounts are in different currencies");
  }
  return { ...first, minor: amounts.reduce((total, amount) => total + amount.minor, 0) };
}

/** An amount as people read it, such as "41.50 EUR". */
export function show({ minor, currency }: Money): string {
  return `${(minor / 100).toFixed(2)} ${currency}`;
}
