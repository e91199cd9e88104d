/** Files of the working folder in which every case runs. */
export const files: Readonly<Record<string, string>> = {
  "body.json": '{"fullName":"Mill Lane Ltd","email":"mill@example.com"}',
  "bom.json": '\ufeff{"fullName":"Mill Lane Ltd","email":"mill@example.com"}',
  "list.json": "[1,2]",
  "broken.json": '{"fullName":',
  "empty.json": "",
  "auth.json": '{"username":"hook","password":"not-a-real-password"}',
  "consumer.json": '{"email":"ada@example.com","firstName":"Ada"}',
  "big.json": `{"text":"${"x".repeat(1024 * 1024)}"}`,
};
