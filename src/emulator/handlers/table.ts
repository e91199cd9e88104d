import { getCliIdentity, regenerateApiAccess, revokeApiAccess } from "./access-keys";
import {
  getBankAccount,
  getBankBalance,
  initiateBankAuth,
  listBankAccounts,
  listBankTransactions,
  revokeBankAuth,
} from "./bank-feed";
import type { Handler } from "./call";
import { cancelCardPayment, captureCardPayment, chargeSavedCard } from "./card-on-file";
import {
  createCustomer,
  deleteCustomer,
  deletePaymentMethod,
  getCustomer,
  getPaymentMethod,
  listCustomers,
  listPaymentMethods,
  updateCustomer,
} from "./customers";
import { cancelPaymentRequest, createPaymentRequest, getPaymentStatus, listTransactions } from "./payments";
import { listPayouts, listPayoutTransactions } from "./payouts";
import { cancelRefund, createRefund, listRefunds } from "./refunds";
import { listInstitutions, listStores } from "./stores";
import { createWebhook, deleteWebhook, listWebhooks, triggerTestWebhook } from "./webhooks";

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
  listCustomers,
  createCustomer,
  getCustomer,
  updateCustomer,
  deleteCustomer,
  listPaymentMethods,
  getPaymentMethod,
  deletePaymentMethod,
  chargeSavedCard,
  captureCardPayment,
  cancelCardPayment,
  createRefund,
  listRefunds,
  cancelRefund,
  createWebhook,
  listWebhooks,
  deleteWebhook,
  triggerTestWebhook,
  initiateBankAuth,
  listBankAccounts,
  getBankAccount,
  getBankBalance,
  listBankTransactions,
  revokeBankAuth,
  listPayouts,
  listPayoutTransactions,
};
