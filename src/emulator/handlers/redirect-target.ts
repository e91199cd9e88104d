import { choices } from "../choices";
import { badRequest } from "../emulator-error";

/**
 * An address that a browser may be sent to: any scheme (apps have their own) but those that run or read something here.
 * @throws EmulatorError bad-request
 */
export function redirectTarget(text: string, field: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw badRequest(`${field} must be a URL`);
  }
  const scheme = url.protocol.slice(0, -1).toLowerCase();
  if ((choices.forbiddenSchemes as readonly string[]).includes(scheme))
    throw badRequest(`${field} must not use the scheme ${scheme}`);
  const web = scheme === "http" || scheme === "https";
  if (web && !/^[\w.\-:[\]]+$/.test(url.host)) throw badRequest(`${field} must have a plain host name`);
  return url;
}
