import * as fields from "./fields";

/** The input of revoke and of regenerate. */
export const key = fields.input({ sdkAccessId: fields.pathId });
