/**
 * Errors as callers see them: RFC 9457 problems with stable types, and the one place that chooses status codes.
 *
 * <p>Every package may import it; it knows none of them. The types are listed in {@code docs/problems.md}.
 */
package dev.ganymede.problem;
