/**
 * How a gateway process ends. The supervisor restarts on RELOAD and on every code that is not listed here; all
 * others end the container with the same code.
 */
export const ExitCode = Object.freeze({
  /** Stopped on purpose: nothing unsaved, and Ganymede acknowledged the stop (or there was no tenancy). */
  STOPPED: 0,
  /** The environment variables make no sense; starting again would not help. */
  MISCONFIGURED: 64,
  /** The supervisor gave up: the gateway crashed too often. */
  CRASHED: 70,
  /** Asks the supervisor for a new process that resumes the tenancy. */
  RELOAD: 75,
  /** Ganymede says that this allocation is over; unsaved data, if any, is in an unsent file. */
  TENANCY_LOST: 76,
  /** Stopped without Ganymede's acknowledgement; unsaved data, if any, is in an unsent file. */
  UNACKNOWLEDGED: 77,
});
