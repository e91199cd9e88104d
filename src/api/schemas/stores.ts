import * as fields from "./fields";

export const list = fields.input({});
