import type { Case } from "./case";
import { money } from "./requests/banks-and-payouts";
import { customers } from "./requests/customers";
import { rest } from "./requests/identity-keys-and-paths";
import { payments } from "./requests/payments";
import { refundsAndCards } from "./requests/refunds-and-cards";
import { webhooks } from "./requests/webhooks";

/** Every command with good input: the one request it sends, to the letter. */
export const requests: readonly Case[] = [
  ...payments,
  ...refundsAndCards,
  ...customers,
  ...webhooks,
  ...money,
  ...rest,
];
