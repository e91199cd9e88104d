import { operations } from "../../api/operations";
import { customerFlag, id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentMethodsGet extends ResourceCommand {
  static override summary = "Show a saved card";
  static override examples = [
    "<%= config.bin %> payment-methods get card_456 --customer cust_123",
    "<%= config.bin %> payment-methods get card_456 --customer cust_123 --output table",
  ];

  static override args = { id: id("Saved card id.", "cardId") };
  static override flags = customerFlag;

  async run(): Promise<void> {
    const { input } = await this.read(PaymentMethodsGet);
    await this.call(operations.paymentMethods.get, input);
  }
}
