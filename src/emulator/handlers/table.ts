import * as accessKeys from "./access-keys";
import * as bankFeed from "./bank-feed";
import type { Handler } from "./call";
import * as cardOnFile from "./card-on-file";
import * as customers from "./customers";
import * as payments from "./payments";
import * as payouts from "./payouts";
import * as refunds from "./refunds";
import * as stores from "./stores";
import * as webhookEndpoints from "./webhook-endpoints";
import * as webhooks from "./webhooks";

/** A handler for each operationId of the OpenAPI file; a test proves that none is missing and none too many. */
export const handlers: Readonly<Record<string, Handler>> = {
  ...accessKeys,
  ...bankFeed,
  ...cardOnFile,
  ...customers,
  ...payments,
  ...payouts,
  ...refunds,
  ...stores,
  ...webhookEndpoints,
  ...webhooks,
};
