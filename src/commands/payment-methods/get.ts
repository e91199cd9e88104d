import { operations } from "../../api/operations";
import { customerFlag, id } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentMethodsGet extends ResourceCommand {
  static override summary = "Show a saved card";
  static override examples = [
    "<%= config.bin %> payment-methods get card_456 --customer cust_123",
    "<%= config.bin %> payment-methods get card_456 --customer cust_123 --output table",
  ];

  static override args = { id: id("Saved card id.") };
  static override flags = customerFlag;
  protected override readonly renamed = { id: "customer", cardId: "<id>" };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PaymentMethodsGet);
    await this.call(operations.paymentMethods.get, { id: flags.customer, cardId: args.id });
  }
}
