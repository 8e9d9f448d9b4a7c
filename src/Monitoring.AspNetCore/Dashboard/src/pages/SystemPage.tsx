export function SystemPage() {
  return <p>System</p>;
}
