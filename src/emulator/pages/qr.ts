import qrcode from "qrcode";

/** QR codes of an address. This file is loaded when the first one is asked for: the library is not needed before. */

export function qrSvg(address: string): Promise<string> {
  return qrcode.toString(address, { type: "svg", margin: 2 });
}

export async function qrPng(address: string): Promise<ArrayBuffer> {
  const bytes = await qrcode.toBuffer(address, { margin: 2, width: 480 });
  return new Uint8Array(bytes).buffer;
}
