import { randomBytes } from "node:crypto";
import type { OperationCounts } from "../api/operation-counts";
import type { RequestLog } from "../api/request-log";
import { format } from "../data-file";
import { badRequest, notFound } from "../emulator-error";
import { faultFrom, parseFaults } from "../faults/fault";
import type { FaultList } from "../faults/fault-list";
import type { Controls, LoggedRequest, PayerChoice, PaymentRecord, WebhookEvent, Where } from "../handle";
import { replaceWebhooks } from "../handlers/registration";
import type { OpenState } from "../open-state";
import type { Business } from "../state/business";
import { endConsent, linkConsent } from "../state/consent-lifecycle";
import type { Emulation } from "../state/emulation";
import { type PayerAction, playPayer } from "../state/payer";
import type { Payment } from "../state/records";
import { lawful } from "./control-law";
import { durationOf } from "./duration";
import { preparePayment, prepareRefund } from "./prepare";

/** Everything a test or a person may do to the emulator from outside the API. `Controls` says what each does. */
export function createControls(context: {
  state: OpenState;
  log: RequestLog;
  counts: OperationCounts;
  faults: FaultList;
  /** Puts back what the options add to the seed. */
  begin: () => void;
}): Controls {
  const { state, log, counts, faults, begin } = context;
  const { emulation, deliveries } = state;
  const noted = <T>(result: T): T => {
    state.changed();
    return result;
  };
  const find = <T>(where: Where, record: (business: Business) => T): { business: Business; record: T } => {
    emulation.agenda.catchUp();
    return emulation.anywhere(record, where.environment, where.merchantId);
  };
  const pay = (action: PayerAction, id: string, choice: PayerChoice = {}) => {
    const { business, record } = find(lawful(`${action}Payment`, choice), (records) => records.payment(id));
    playPayer(business, record, action, choice);
    return noted({ id: record.id, status: record.status });
  };
  return {
    start: (id, choice) => pay("start", id, choice),
    approve: (id, choice) => pay("approve", id, choice),
    decline: (id, choice) => pay("decline", id, choice),
    cancel: (id, where) => pay("cancel", id, where),
    payment(id, where = {}) {
      const { business, record } = find(where, (records) => records.payment(id));
      return copyOf(business, record);
    },
    payments(filter = {}) {
      emulation.agenda.catchUp();
      const { environment, merchantId, orderId, status, limit = 1000 } = filter;
      return emulation
        .all()
        .filter((business) => environment === undefined || business.environment === environment)
        .filter((business) => merchantId === undefined || business.merchantId === merchantId)
        .flatMap((business) => [...business.payments.values()].map((payment) => ({ business, payment })))
        .filter(({ payment }) => orderId === undefined || payment.orderId === orderId)
        .filter(({ payment }) => status === undefined || payment.status === status)
        .sort((a, b) => b.payment.createdAt - a.payment.createdAt)
        .slice(0, limit)
        .map(({ business, payment }) => copyOf(business, payment));
    },
    preparePayment(id, wish) {
      const { business, record } = find(lawful("preparePayment", wish), (records) => records.payment(id));
      preparePayment(business, record, wish);
      return noted({ id: record.id, status: record.status });
    },
    prepareRefund(id, wish) {
      const { business, record } = find(lawful("prepareRefund", wish), (records) => records.refund(id));
      prepareRefund(business, record, wish);
      return noted({ id: record.id, status: record.status });
    },
    consent(action, id, where = {}) {
      const { business, record } = find(where, (records) => {
        const consent = records.consents.get(records.id(id));
        if (consent === undefined) throw notFound("Consent", "CONSENT_NOT_FOUND");
        return consent;
      });
      if (action === "link") linkConsent(business, record);
      else endConsent(record, action === "expire" ? "EXPIRED" : "REVOKED");
      return noted({ id: record.id, status: record.status, accountIds: [...record.accountIds] });
    },
    addWebhook(url, options = {}) {
      const { events = usualEvents, ...where } = lawful("addWebhook", { url, ...options });
      const business = emulation.business(where.environment ?? "sandbox", where.merchantId);
      return noted({ webhookIds: replaceWebhooks(business, url, events) });
    },
    setSigningSecret(secret = `whsec_${randomBytes(32).toString("base64")}`, where = {}) {
      if (secret !== null && !/^whsec_[A-Za-z0-9+/=]+$/.test(secret))
        throw badRequest("secret must be whsec_ and base64");
      emulation.business(where.environment ?? "sandbox", where.merchantId).signingSecret = secret;
      return noted(secret);
    },
    deliveries: () => deliveries.all(),
    resend: (id) => noted(deliveries.resend(id)),
    deliveriesSettled: () => deliveries.settled(),
    mintToken: (request) => noted({ ...emulation.mint(lawful("mintToken", request)) }),
    now: () => emulation.clock.now(),
    advance: (time) => noted(emulation.advance(typeof time === "string" ? durationOf(time) : time)),
    requests: () => shown(emulation, log.all()),
    clearRequests: () => log.clear(),
    operations: () => counts.all(),
    clearOperations: () => counts.clear(),
    fault: (fault) => faults.add(faultFrom(fault)),
    // All are read before the first is switched on.
    addFaults: (text) => parseFaults(text).map((fault) => faults.add(fault)),
    faults: () => faults.all(),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    snapshot: () => structuredClone({ atoaEmulator: format, ...state.snapshot() }),
    restore: (snapshot) => state.restore(snapshot),
    reset(options = {}) {
      const { keepTokens = true, merchantId } = lawful("reset", options);
      if (merchantId === undefined) {
        emulation.reset(keepTokens);
        log.clear();
        deliveries.clear();
      } else {
        log.forget(emulation.resetBusiness(merchantId, keepTokens));
        deliveries.forgetBusiness(merchantId);
      }
      faults.clear(merchantId);
      if (merchantId === undefined || merchantId === emulation.merchantId) begin();
      noted(undefined);
    },
  };
}

/** POS_PAYMENT_STATUS comes from a card terminal, which the emulator has none of. */
const usualEvents: readonly WebhookEvent[] = ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS"];

function copyOf({ environment, merchantId }: Business, payment: Payment): PaymentRecord {
  return structuredClone({ ...payment, environment, merchantId });
}

/** A copy of log entries with parsed bodies, and with any token that strayed into one replaced. */
function shown(emulation: Emulation, requests: readonly LoggedRequest[]): LoggedRequest[] {
  const parsed = requests.map((request) => ("body" in request ? { ...request, body: parse(request.body) } : request));
  return JSON.parse(emulation.keys.scrub(JSON.stringify(parsed))) as LoggedRequest[];
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return body;
  }
}
