/** The prompt library, behind one import so that only a run that asks pays for it. */
export { default as confirm } from "@inquirer/confirm";
export { default as password } from "@inquirer/password";
export { default as select } from "@inquirer/select";
