import * as fields from "./fields";

/** The id is that of the customer. */
export const list = fields.input({ id: fields.pathId });

/** The customer's id and the card's. Also the input of delete. */
export const get = fields.input({ id: fields.pathId, cardId: fields.pathId });
