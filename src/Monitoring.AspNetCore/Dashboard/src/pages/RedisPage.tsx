export function RedisPage() {
  return <p>Redis</p>;
}
