/**
 * Maps network failures to messages and hints. The advice is never to switch the verification of certificates off.
 */

export interface NetworkFailure {
  message: string;
  hint: string;
  /** True when another attempt would fail just the same. */
  permanent: boolean;
}

export interface FailureContext {
  /** Host and port of the API. */
  host: string;
  /** Scheme, host and port of the proxy, without credentials. */
  proxy?: string | undefined;
  proxyVariable?: string | undefined;
  timeoutMs: number;
  /** Whether the request may have left before it failed. */
  connected: boolean;
}

/** Explains what undici, net or tls threw. */
export function explainNetworkFailure(error: unknown, at: FailureContext): NetworkFailure {
  const faults = flatten(error);
  for (const fault of faults) {
    const explained = explainFault(fault, at);
    if (explained !== undefined) return explained;
  }
  const code = faults.find((fault) => fault.code !== "")?.code;
  return {
    message: `The connection to ${at.host} failed${code === undefined ? "" : ` (${code})`}`,
    hint: "check your connection and run the command again",
    permanent: false,
  };
}

interface Fault {
  code: string;
  message: string;
}

/** undici gives its parser's errors a name and not always a code. */
const codesByName: Readonly<Record<string, string>> = { HTTPParserError: "HPE_UNKNOWN" };

/** The error, its causes and the errors of an AggregateError (one for each address that was tried), outermost first. */
function flatten(error: unknown, depth = 0): Fault[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const code = "code" in error && typeof error.code === "string" ? error.code : (codesByName[error.name] ?? "");
  const inner = "errors" in error && Array.isArray(error.errors) ? error.errors : [];
  return [{ code, message: error.message }, ...[...inner, error.cause].flatMap((next) => flatten(next, depth + 1))];
}

function explainFault(fault: Fault, at: FailureContext): NetworkFailure | undefined {
  return explainProxyResponse(fault, at) ?? explainTls(fault, at) ?? explainConnection(fault, at);
}

function explainProxyResponse({ code, message }: Fault, at: FailureContext): NetworkFailure | undefined {
  if (code === "UND_ERR_PRX_TLS") {
    return {
      message: `The certificate of the proxy ${at.proxy ?? ""} belongs to another host`,
      hint: `check the host in ${at.proxyVariable ?? "HTTPS_PROXY"}`,
      permanent: true,
    };
  }
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (status === undefined) return undefined;
  const proxy = `The proxy ${at.proxy ?? ""}`;
  // Some (tinyproxy) respond to a wrong password with 401.
  if (status === "407" || status === "401") {
    return {
      message: `${proxy} requires a user name and password, or rejected the ones it was given`,
      hint: `put them into ${at.proxyVariable ?? "HTTPS_PROXY"} as http://user:password@host:port`,
      permanent: true,
    };
  }
  if (Number(status) >= 500) {
    return {
      message: `${proxy} could not reach ${at.host} (HTTP ${status})`,
      hint: "check that the proxy can reach the internet, and run the command again",
      permanent: false,
    };
  }
  return {
    message: `${proxy} refused to connect to ${at.host} (HTTP ${status})`,
    hint: `ask whoever runs the proxy to allow ${at.host}, or add it to NO_PROXY if a direct connection is possible`,
    permanent: true,
  };
}

const ownCa = "if your network inspects traffic, set NODE_EXTRA_CA_CERTS to the file of its CA certificate";

const certificateFaults: Readonly<Record<string, [problem: string, next: string]>> = {
  CERT_HAS_EXPIRED: ["has expired", "check the clock of this machine, then tell whoever runs the server"],
  CERT_NOT_YET_VALID: ["is not valid yet", "check the clock of this machine"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["is self-signed", ownCa],
  SELF_SIGNED_CERT_IN_CHAIN: ["comes from a CA that this machine does not trust", ownCa],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["comes from a CA that this machine does not trust", ownCa],
  UNABLE_TO_GET_ISSUER_CERT: ["comes from a CA that this machine does not trust", ownCa],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["comes from a CA that this machine does not trust", ownCa],
  CERT_REVOKED: ["has been revoked", "do not continue; tell whoever runs the server"],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "belongs to another host",
    "check the host in ATOA_BASE_URL, and that no captive portal responds instead of the server",
  ],
};

function explainTls({ code, message }: Fault, at: FailureContext): NetworkFailure | undefined {
  const certificate =
    certificateFaults[code] ?? certificateFaults[altName.test(message) ? "ERR_TLS_CERT_ALTNAME_INVALID" : ""];
  if (certificate !== undefined) {
    const [problem, hint] = certificate;
    return { message: `The certificate of ${at.host} ${problem}`, hint, permanent: true };
  }
  if (/^(CERT_|UNABLE_TO_|CRL_|ERROR_IN_CERT|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH)/.test(code)) {
    return { message: `The certificate of ${at.host} cannot be verified (${code})`, hint: ownCa, permanent: true };
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) {
    return {
      message: `${at.host} does not support TLS 1.3, the oldest version that is accepted`,
      hint: "enable TLS 1.3 on the server, or on the proxy in between",
      permanent: true,
    };
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return {
      message: `${at.host} does not speak TLS on this port`,
      hint: "check the port and the scheme in ATOA_BASE_URL",
      permanent: true,
    };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return {
      message: `Could not establish a secure connection to ${at.host} (${code})`,
      hint: "check that no proxy or firewall breaks TLS in between",
      permanent: true,
    };
  }
  return undefined;
}

const altName = /does not match certificate's altnames/;

function explainConnection({ code, message }: Fault, at: FailureContext): NetworkFailure | undefined {
  // Until the tunnel stands, the only machine that we talk to is the proxy.
  const peer = at.proxy === undefined || at.connected ? at.host : `the proxy ${at.proxy}`;
  const setting = at.proxy === undefined || at.connected ? "ATOA_BASE_URL" : (at.proxyVariable ?? "HTTPS_PROXY");
  const seconds = at.timeoutMs / 1000;
  switch (code) {
    case "ENOTFOUND":
      return failure(
        `Could not resolve ${peer}`,
        `check your connection, and the spelling in ${setting} if you set it`,
      );
    case "EAI_AGAIN":
      return failure(
        `Could not resolve ${peer}: no response from DNS`,
        "check your connection and run the command again",
      );
    case "ECONNREFUSED":
      return failure(
        `Could not connect to ${peer}: connection refused`,
        `check that it is running, and the port in ${setting} if you set it`,
      );
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
    case "EADDRNOTAVAIL":
      return failure(`Could not reach ${peer}`, "check your network, VPN and firewall");
    case "ATOA_ATTEMPT_TIMEOUT":
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return at.connected
        ? failure(
            `No complete response from ${at.host} within ${seconds} s`,
            "run the command again, or set ATOA_TIMEOUT to more seconds",
          )
        : failure(
            `Could not connect to ${peer} within ${seconds} s`,
            "check your network, VPN and firewall, or set ATOA_TIMEOUT to more seconds",
          );
    case "EACCES":
    case "EPERM":
      return failure(`This machine does not allow connections to ${peer}`, "check its firewall");
    case "UND_ERR_HEADERS_OVERFLOW":
      return failure(
        `The response headers from ${at.host} are too large`,
        "check that ATOA_BASE_URL points to the Atoa API",
      );
    default:
  }
  if (code.startsWith("HPE_")) {
    return failure(
      `The response from ${peer} is not valid HTTP`,
      at.proxy === undefined || at.connected
        ? "check that ATOA_BASE_URL points to the Atoa API"
        : `check that ${setting} points to an HTTP proxy`,
    );
  }
  if (
    code === "ECONNRESET" ||
    code === "EPIPE" ||
    code === "ECONNABORTED" ||
    /^UND_ERR_(SOCKET|ABORTED|DESTROYED|CLOSED|RES_)/.test(code) ||
    /terminated|closed/.test(message)
  ) {
    return failure(
      at.connected
        ? `The connection to ${at.host} was lost before the response was complete`
        : `The connection to ${peer} was lost`,
      "check your connection and run the command again",
    );
  }
  return undefined;
}

function failure(message: string, hint: string): NetworkFailure {
  return { message, hint, permanent: false };
}
