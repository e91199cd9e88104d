import { isLoopback } from "../api/network-settings";
import type { Delivery, LoggedRequest } from "../emulator/index";
import { interruption, log, stopped, writeData } from "../terminal/terminal";
import { isAlive } from "../webhooks/registration";
import { type EmulatorFlagValues, ofEmulator, type ServerFlagValues, startWith } from "./emulator-flags";
import { deliveryLine, requestLine } from "./emulator-voice";

export interface ServeFlags extends EmulatorFlagValues, ServerFlagValues {
  readonly quiet?: boolean | undefined;
  readonly exitWithParent?: boolean | undefined;
  readonly port: number;
  readonly host: string;
  readonly output?: string | undefined;
}

/** Runs the emulator until Ctrl-C or SIGTERM, which end it in order. */
export async function serveEmulator(flags: ServeFlags): Promise<void> {
  if (!isLoopback(flags.host) && flags.host !== "::1") {
    log(`warning: --host ${flags.host} lets other machines connect; the emulator's tokens are not secret`);
  }
  const { quiet, output, exitWithParent, ...rest } = flags;
  const watch = quiet
    ? {}
    : {
        onRequest: (request: LoggedRequest) => log(requestLine(request)),
        onDelivery: (delivery: Delivery) => log(deliveryLine(delivery)),
      };
  const emulator = await startWith(rest, watch);
  const { origin, tokens } = emulator;
  for (const line of welcome(origin, tokens.sandbox, tokens.production)) log(line);
  if (output === "json") await writeData(`${JSON.stringify({ origin, tokens })}\n`);
  await Promise.race([stopped(interruption()), ...(exitWithParent ? [parentEnded()] : [])]);
  await ofEmulator(() => emulator.close());
}

/**
 * Resolves when the process that started this one has ended, killed or not: then the system gives this one another parent, or on Windows
 * leaves the old number. A pipe from the parent would not do: whoever else inherited its end keeps it open.
 */
function parentEnded(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent && isAlive(parent)) return;
      clearInterval(timer);
      resolve();
    }, 1000);
    timer.unref();
  });
}

function welcome(origin: string, sandbox: string, production: string): string[] {
  return [
    `Atoa emulator is ready on ${origin} (press Ctrl-C to stop)`,
    `  sandbox token     ${sandbox}`,
    `  production token  ${production}`,
    "",
    "Paste into another terminal:",
    `  export ATOA_BASE_URL=${origin} ATOA_HOME="$(mktemp -d)" ATOA_SANDBOX_TOKEN=${sandbox}`,
    '  echo "$ATOA_SANDBOX_TOKEN" | atoa login --stdin',
    "  atoa payments create --amount 10.05 --orderId order-001",
  ];
}
