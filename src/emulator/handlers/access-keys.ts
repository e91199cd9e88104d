import { EmulatorError, notFound } from "../emulator-error";
import type { ApiKey } from "../state/records";
import type { Call } from "./call";

export function getCliIdentity({ business, key }: Call): unknown {
  return {
    merchantId: business.merchantId,
    businessName: business.name,
    ...(key === undefined
      ? {}
      : { key: { sdkAccessId: key.sdkAccessId, env: key.environment.toUpperCase(), keyType: "DEFAULT" } }),
  };
}

/** A key may revoke itself; any other of the same business and environment too. */
export function revokeApiAccess(call: Call): unknown {
  const key = keyToChange(call);
  call.emulation.keys.revoke(key);
  return { message: "API access revoked" };
}

export function regenerateApiAccess(call: Call): unknown {
  const key = keyToChange(call);
  const token = call.emulation.keys.regenerate(key);
  return key.environment === "sandbox" ? { sandboxApiSecret: token } : { productionApiSecret: token };
}

function keyToChange({ emulation, key, path }: Call): ApiKey {
  const target = emulation.keys.withId(path.sdkAccessId ?? "");
  if (target === undefined || target.revoked || target.merchantId !== key?.merchantId) {
    throw notFound("API access", "API_ACCESS_NOT_FOUND");
  }
  if (target.environment !== key.environment) {
    throw new EmulatorError(
      "unauthorized",
      `This key belongs to ${target.environment}, but the token to ${key.environment}`,
      "ENVIRONMENT_MISMATCH",
    );
  }
  return target;
}
