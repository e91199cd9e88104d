import * as fields from "./fields";

export const get = fields.input({});
