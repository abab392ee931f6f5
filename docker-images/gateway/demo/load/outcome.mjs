/** What became of the entries: pure accounting. */

/** No list of an outcome is longer. */
const LISTED_MAX = 1_000;

/**
 * @param {{author: string, written: number, acknowledged: number}[]} clients
 * @param {Iterable<unknown>} entries of the document, with those of others and of earlier runs
 */
export function outcome(clients, entries) {
  const times = new Map();
  const authors = new Set(clients.map(({ author }) => author));
  for (const entry of entries) {
    if (authors.has(authorOf(entry))) times.set(entry, (times.get(entry) ?? 0) + 1);
  }
  const lost = clients.flatMap(({ author, acknowledged }) => numbered(author, acknowledged).filter((entry) => !times.has(entry)));
  return {
    entries_written: sum(clients.map(({ written }) => written)),
    entries_acknowledged: sum(clients.map(({ acknowledged }) => acknowledged)),
    entries_in_document: times.size,
    lost: lost.slice(0, LISTED_MAX),
    lost_count: lost.length,
    duplicates: sum([...times.values()].map((count) => count - 1)),
  };
}

/** @param {unknown} entry */
function authorOf(entry) {
  const text = String(entry);
  return text.slice(0, text.lastIndexOf(':'));
}

/** @param {string} author @param {number} count */
function numbered(author, count) {
  return Array.from({ length: count }, (_, index) => `${author}:${index + 1}`);
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
