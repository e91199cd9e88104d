/** Where requests go, and where a key without an origin on record was paired. Serves sandbox and production alike. */
export const defaultOrigin = "https://api.atoa.me";
