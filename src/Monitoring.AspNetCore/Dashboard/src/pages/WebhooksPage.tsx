export function WebhooksPage() {
  return <p>Webhooks</p>;
}
