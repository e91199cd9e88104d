import packageFile from "../package.json";

/** Version of this package, written into the bundle when it is built. */
export const version: string = packageFile.version;
