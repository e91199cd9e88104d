import document from "../../../spec/atoa-openapi.yaml";
import { Specification } from "./specification";

/** The law of the API: the OpenAPI file. */
export const api = new Specification(document);
