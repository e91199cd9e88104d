import type { Vault } from "../../credentials/vault";
import { usageError } from "../../errors";
import { resolveProfile } from "../../profiles/resolution";
import { registerSecret } from "../../redaction";
import { askSecret, requireTerminal } from "../../terminal/prompt";
import { log, readStdin, stdinIsTerminal } from "../../terminal/terminal";
import { openVault } from "../access";

/**
 * Keeps the signing secret of a profile's webhooks in the credential store.
 * @throws AtoaError kind usage for what is no signing secret; it is never repeated
 */
export async function keepSigningSecret(flags: {
  readonly profile?: string | undefined;
  readonly stdin: boolean;
  readonly dryRun: boolean;
}): Promise<void> {
  const vault: Vault = openVault();
  const { value: profile } = resolveProfile(vault.config(), flags.profile, process.env);
  const secret = (await secretText(flags.stdin)).trim();
  if (secret !== "") registerSecret(secret);
  if (!/^whsec_[A-Za-z0-9+/_-]+={0,2}$/.test(secret)) {
    throw usageError(
      secret === "" ? "Nothing came in on stdin" : "This is not a signing secret: it must be whsec_ followed by base64",
      secret === "" ? "is the variable set?" : "copy it from the dashboard, where it is shown once",
    );
  }
  if (flags.dryRun) return log(`Would store the signing secret of ${profile}`);
  const { location } = await vault.storeSigningSecret(profile, secret);
  log(`✓ Stored the signing secret of ${profile} in ${location}`);
}

async function secretText(stdin: boolean): Promise<string> {
  if (stdin && !stdinIsTerminal()) return readStdin();
  requireTerminal(
    "A signing secret is needed",
    'pipe it in: echo "$WEBHOOK_SECRET" | atoa webhooks secret --stdin',
    "MISSING_INPUT",
  );
  return askSecret("Signing secret (whsec_…, from the Atoa dashboard):");
}
