import { operations } from "../../api/operations";
import { customerFlag, id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentMethodsDelete extends ResourceCommand {
  static override summary = "Delete a saved card";
  static override examples = [
    "<%= config.bin %> payment-methods delete card_456 --customer cust_123",
    "<%= config.bin %> payment-methods delete card_456 --customer cust_123 --yes",
  ];

  static override args = { id: id("Saved card id.") };
  static override flags = customerFlag;
  protected override readonly renamed = { id: "customer", cardId: "<id>" };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PaymentMethodsDelete);
    const question = `Delete card ${args.id} of customer ${flags.customer}`;
    await this.call(operations.paymentMethods.delete, { id: flags.customer, cardId: args.id }, { confirm: question });
  }
}
