import { profiles } from "./answers/machine";
import { empty, states } from "./answers/states";
import { bodies, statuses, write } from "./answers/statuses";
import { retries, transport } from "./answers/transport";
import type { Case } from "./case";

/** What becomes of each answer of the server: exit code, words, requests. */
export const answers: readonly Case[] = [
  ...statuses,
  ...write,
  ...bodies,
  ...transport,
  ...retries,
  ...states,
  ...empty,
  ...profiles,
];
