/**
 * What is written while there is no connection goes to the gateway by the comparison of both documents that begins every
 * connection, and not a second time as the single changes: those would pile up in memory, and their acknowledgements
 * would be taken for that of the comparison.
 */
import { HocuspocusProvider } from '@hocuspocus/provider';

const OPEN = 1;

export class ReconcilingProvider extends HocuspocusProvider {
  #comparing = false;

  /** @override Begins the comparison; changes from here on are sent one by one. */
  startSync() {
    this.#comparing = true;
    super.startSync();
  }

  /** @override */
  onClose() {
    this.#comparing = false;
    super.onClose();
  }

  /** @override @param {any} message @param {any} content */
  send(message, content) {
    if (!('update' in content) || (this.#comparing && this.#open)) super.send(message, content);
  }

  /** Somebody may write before this provider has heard that the connection is closed. */
  get #open() {
    return this.configuration.websocketProvider.webSocket?.readyState === OPEN;
  }
}
