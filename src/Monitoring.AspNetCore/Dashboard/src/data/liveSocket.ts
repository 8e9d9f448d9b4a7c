/** Opens the live feed. A browser cannot send headers with a WebSocket, and a key in the URL would be logged: it is a subprotocol. */
export function openSocket(base: string, key: string | null): WebSocket {
  return new WebSocket(socketUrl(base, document.baseURI), protocols(key));
}

/** The address of the feed for an API at `base`, which may be relative to the page. */
export function socketUrl(base: string, page: string): string {
  const url = new URL(`${base}live`, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** What the feed speaks, and who asks: base64url (RFC 4648, 5) of the key, for a subprotocol is a token (RFC 6455, 4.1). */
export function protocols(key: string | null): string[] {
  return key === null ? ["monitoring.v1"] : ["monitoring.v1", `monitoring.key.${base64Url(key)}`];
}

function base64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
