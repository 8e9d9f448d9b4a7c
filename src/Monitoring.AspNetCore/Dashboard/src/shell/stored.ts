/** What the page remembers. Storage may be switched off, or missing for a file: then it remembers nothing. */
export const stored = {
  read(storage: () => Storage, name: string): string | null {
    try {
      return storage().getItem(name);
    } catch {
      return null;
    }
  },
  write(storage: () => Storage, name: string, value: string | null): void {
    try {
      if (value === null) storage().removeItem(name);
      else storage().setItem(name, value);
    } catch {
      // It works without.
    }
  },
};

/** Until the tab is closed. */
export const session = () => sessionStorage;

/** On this machine. */
export const local = () => localStorage;
