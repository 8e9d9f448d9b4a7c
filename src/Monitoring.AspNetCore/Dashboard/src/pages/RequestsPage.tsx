export function RequestsPage() {
  return <p>Requests</p>;
}
