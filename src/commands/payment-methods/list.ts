import { operations } from "../../api/operations";
import { customerFlag } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, idColumn } from "../../terminal/columns";

const columns = [
  idColumn("Id", "id"),
  column("Brand", "brand"),
  idColumn("Card", "lastFourDigits"),
  idColumn("Expires", "expiryDate"),
  column("Type", "cardType", "type"),
  column("Holder", "name"),
  column("Country", "country"),
];

export default class PaymentMethodsList extends ResourceCommand {
  static override summary = "List a customer's saved cards";
  static override examples = [
    "<%= config.bin %> payment-methods list --customer cust_123",
    "<%= config.bin %> payment-methods list --customer cust_123 --output table",
  ];

  static override flags = customerFlag;

  async run(): Promise<void> {
    const { input } = await this.read(PaymentMethodsList);
    await this.call(operations.paymentMethods.list, input, { columns });
  }
}
