import { operations } from "../../api/operations";
import { customerFlag, id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentMethodsDelete extends ResourceCommand {
  static override summary = "Delete a saved card";
  static override examples = [
    "<%= config.bin %> payment-methods delete card_456 --customer cust_123",
    "<%= config.bin %> payment-methods delete card_456 --customer cust_123 --yes",
  ];

  static override args = { id: id("Saved card id.", "cardId") };
  static override flags = customerFlag;

  async run(): Promise<void> {
    const { args, flags, input } = await this.read(PaymentMethodsDelete);
    const confirm = `Delete card ${args.id} of customer ${flags.customer}`;
    await this.call(operations.paymentMethods.delete, input, { confirm });
  }
}
