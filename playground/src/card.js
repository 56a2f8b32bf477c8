import { writeAmount } from "./amount.js";

/** The recipe as it is printed: amounts in a column of their own, steps numbered. */
export function card({ title, serves, ingredients, steps }) {
  const amounts = ingredients.map(({ amount, unit }) =>
    [writeAmount(amount), unit].filter(Boolean).join(" "),
  );
  const width = Math.max(...amounts.map((amount) => amount.length));
  return [
    `${title}, for ${serves}`,
    "",
    ...ingredients.map(({ name }, row) => `  ${amounts[row].padStart(width)}  ${name}`),
    "",
    ...steps.map((step, index) => `${index + 1}. ${step}`),
  ].join("\n");
}
