import { getCliIdentity, regenerateApiAccess, revokeApiAccess } from "./access-keys";
import type { Handler } from "./call";
import { cancelPaymentRequest, createPaymentRequest, getPaymentStatus, listTransactions } from "./payments";
import { cancelRefund, createRefund, listRefunds } from "./refunds";
import { listInstitutions, listStores } from "./stores";

/** A handler for each operationId of the OpenAPI file; a test proves that none is missing and none too many. */
export const handlers: Readonly<Record<string, Handler>> = {
  getCliIdentity,
  revokeApiAccess,
  regenerateApiAccess,
  createPaymentRequest,
  getPaymentStatus,
  cancelPaymentRequest,
  listTransactions,
  listStores,
  listInstitutions,
  createRefund,
  listRefunds,
  cancelRefund,
};
