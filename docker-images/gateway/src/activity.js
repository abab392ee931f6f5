/**
 * When somebody last did something (the seed's TGatewayMeta). Only what a person causes counts: a client that comes,
 * a changed document, a changed presence, a message. Keep-alive traffic (pings, presence renewed every 15 s by each
 * open tab, health checks) does not, or a forgotten tab would hold a gateway for ever.
 */
export class Activity {
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {{delaySeconds: number, disabled: boolean, onIdle: () => void, now?: () => number}} options
   *   `disabled` keeps the gateway for ever
   */
  constructor({ delaySeconds, disabled, onIdle, now = Date.now }) {
    this.delayMillis = delaySeconds * 1000;
    this.disabled = disabled;
    this.onIdle = onIdle;
    this.now = now;
    this.lastActivity = now();
    /** Grows with each event; tells whether something happened in between. */
    this.events = 0;
  }

  start() {
    this.touch();
    this.#arm(this.delayMillis);
  }

  /** Watches again after `onIdle`; what happened meanwhile counts. */
  resume() {
    this.#arm(Math.max(0, this.lastActivity + this.delayMillis - this.now()));
  }

  touch() {
    this.lastActivity = this.now();
    this.events += 1;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** As kept in the gateway's state under `projectActivity`. */
  meta() {
    return {
      last_activity: new Date(this.lastActivity).toISOString(),
      gateway_shutdown: new Date(this.lastActivity + this.delayMillis).toISOString(),
      disable_gateway_shutdown: this.disabled,
    };
  }

  /** One timer for the deadline; events only move the deadline. @param {number} millis */
  #arm(millis) {
    if (this.disabled) return;
    this.#timer = setTimeout(() => {
      const left = this.lastActivity + this.delayMillis - this.now();
      if (left > 0) this.#arm(left);
      else {
        this.stop();
        this.onIdle();
      }
    }, millis);
  }
}
