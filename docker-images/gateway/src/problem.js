/** Errors to callers: RFC 9457. */

export class Problem extends Error {
  /** @param {number} status @param {string} slug @param {string} title @param {string} [detail] */
  constructor(status, slug, title, detail) {
    super(title);
    this.status = status;
    this.document = problemDocument(status, slug, title, detail);
  }
}

/** @param {number} status @param {string} slug @param {string} title @param {string} [detail] */
export function problemDocument(status, slug, title, detail) {
  return { type: `https://ganymede.dev/problems/${slug}`, title, status, ...(detail && { detail }) };
}
