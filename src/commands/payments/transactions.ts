import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { list, nonEmpty, pagingFlags, paymentMethods } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { column, date, exact, money } from "../../terminal/columns";

/** The API calls this method by one name where it is asked for, and by another where it is listed. */
const method = exact("Method", "transactionType");

const columns = [
  exact("Order", "orderId"),
  exact("Status", "status"),
  money("Amount", "paidAmount"),
  exact("Payment request", "paymentRequestId"),
  { ...column("Payer", "consumerName"), least: 8 },
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
    from: Flags.string({ summary: "First day, YYYY-MM-DD." }),
    to: Flags.string({ summary: "Last day, YYYY-MM-DD." }),
    status: list({ summary: "Statuses, separated by commas." }),
    paymentMethod: paymentMethods({ summary: "Ways of payment, separated by commas." }),
    atoaCustomerIds: list({ summary: "Customer ids, separated by commas." }),
    storeIds: list({ summary: "Store ids, separated by commas." }),
    search: Flags.string({ summary: "Payer's name, order id, payment request id or amount." }),
  };

  protected override readonly renamed = { fromDate: "from", toDate: "to" };

  async run(): Promise<void> {
    const { flags } = await this.parse(PaymentsTransactions);
    const filter = {
      page: flags.page,
      size: flags.size,
      fromDate: flags.from,
      toDate: flags.to,
      status: nonEmpty(flags.status?.map((status) => status.toUpperCase())),
      paymentMethod: nonEmpty(flags.paymentMethod),
      atoaCustomerIds: nonEmpty(flags.atoaCustomerIds),
      storeIds: nonEmpty(flags.storeIds),
      search: flags.search,
    };
    await this.call(operations.payments.transactions, filter, { columns, pageAll: flags.pageAll });
  }
}
