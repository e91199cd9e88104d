/** YAML files are turned into data when the program is built (build/yaml-plugin.mjs). */
declare module "*.yaml" {
  const document: unknown;
  export default document;
}
