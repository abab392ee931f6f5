/** A gateway whose encoder never answers. */
import { Encoder } from '../../src/encoder/encoder.js';

Encoder.prototype.encode = () => new Promise(() => {});
await import('../../src/main.js');
