export function QueuePage() {
  return <p>Queue</p>;
}
