import { isLoopback } from "../api/network-settings";
import type { Delivery, LoggedRequest } from "../emulator/index";
import { interruption, log, stopped, writeData } from "../terminal/terminal";
import { type EmulatorFlagValues, ofEmulator, type ServerFlagValues, startWith } from "./emulator-flags";
import { deliveryLine, requestLine } from "./emulator-voice";

export interface ServeFlags extends EmulatorFlagValues, ServerFlagValues {
  readonly quiet?: boolean | undefined;
  readonly port: number;
  readonly host: string;
  readonly output?: string | undefined;
}

/** Runs the emulator until Ctrl-C or SIGTERM, which end it in order. */
export async function serveEmulator(flags: ServeFlags): Promise<void> {
  if (!isLoopback(flags.host) && flags.host !== "::1") {
    log(`warning: --host ${flags.host} lets other machines connect; the emulator's tokens are not secret`);
  }
  const { quiet, output, ...rest } = flags;
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
  await stopped(interruption());
  await ofEmulator(() => emulator.close());
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
