import { operations } from "../../api/operations";
import { paymentMethodKinds, paymentStatuses } from "../../api/values";
import { firstDay, lastDay, pagingFlags, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, idColumn, money } from "../../terminal/columns";

/** The API calls this method by one name where it is asked for, and by another where it is listed. */
const method = idColumn("Method", "transactionType");

const columns = [
  idColumn("Order", "orderId"),
  idColumn("Status", "status"),
  money("Amount", "paidAmount"),
  idColumn("Payment request", "paymentRequestId"),
  { ...column("Payer", "consumerName"), minWidth: 8 },
  date("Created", "createdAt"),
  {
    ...method,
    text: (row: Parameters<typeof method.text>[0]) => method.text(row).replace(/^OPEN_BANKING$/, "PAY_BY_BANK"),
  },
];

export default class PaymentsTransactions extends ResourceCommand {
  static override summary = "List transactions, newest first, by date, status, method, customer or store";
  static override examples = [
    "<%= config.bin %> payments transactions --from 2026-01-01 --to 2026-01-31 --status COMPLETED",
    "<%= config.bin %> payments transactions --pageAll --output json",
  ];

  static override flags = {
    ...pagingFlags("size"),
    from: text({ summary: firstDay, helpValue: "<day>", field: "fromDate" }),
    to: text({ summary: lastDay, helpValue: "<day>", field: "toDate" }),
    status: text({ summary: "Statuses, separated by commas.", known: paymentStatuses, list: true }),
    paymentMethod: text({ summary: "Payment methods, separated by commas.", values: paymentMethodKinds, list: true }),
    atoaCustomerIds: text({ list: true, summary: "Customer ids, separated by commas." }),
    storeIds: text({ list: true, summary: "Store ids, separated by commas." }),
    search: text({ summary: "Customer name, order id, payment request id or amount." }),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(PaymentsTransactions);
    await this.call(operations.payments.transactions, input, { columns, pageAll: flags.pageAll });
  }
}
