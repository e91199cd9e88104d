import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/**
 * X.509 certificates for test servers, written as DER here: the openssl of one machine cannot set dates that the
 * openssl of another can, and some have none.
 */

interface Certificate {
  /** PEM of the certificate. */
  readonly cert: string;
  /** PEM of its private key. */
  readonly key: string;
}

export interface Issuer extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface Wish {
  /** Common name. */
  readonly name: string;
  /** Hosts it is for: DNS names and IPv4 addresses. */
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Who signs it; itself when left out. */
  readonly issuer?: Issuer;
  readonly isAuthority?: boolean;
}

const day = 86_400_000;

export function certificate(wish: Wish): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicInfo = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(wish.issuer?.name ?? wish.name),
    sequence(
      time(wish.notBefore ?? new Date(Date.now() - day)),
      time(wish.notAfter ?? new Date(Date.now() + 30 * day)),
    ),
    nameOf(wish.name),
    publicInfo,
    tagged(0xa3, sequence(...extensions(wish, publicInfo))),
  );
  const signature = sign("sha256", body, wish.issuer?.privateKey ?? privateKey);
  const whole = sequence(body, ecdsaWithSha256, bits(signature));
  const base64 = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    name: wish.name,
    privateKey,
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function* extensions({ isAuthority = false, hosts = [] }: Wish, publicInfo: Buffer): Generator<Buffer> {
  const keyId = createHash("sha1").update(publicInfo).digest();
  yield extension("2.5.29.14", der(0x04, keyId));
  yield extension("2.5.29.19", isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence(), true);
  const names = hosts.map((host) => (isAddress(host) ? der(0x87, addressBytes(host)) : der(0x82, Buffer.from(host))));
  if (names.length > 0) yield extension("2.5.29.17", sequence(...names));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectId(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}

function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host);
}

function addressBytes(host: string): Buffer {
  return Buffer.from(host.split(".").map(Number));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
}

/** GeneralizedTime: YYYYMMDDHHMMSSZ. */
function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function bits(bytes: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function tagged(tag: number, content: Buffer): Buffer {
  return der(tag, content);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));
