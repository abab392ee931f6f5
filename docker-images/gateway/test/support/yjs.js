import * as Y from 'yjs';

/** The text inside a pushed room. */
export function textOf(encoded) {
  const document = new Y.Doc();
  Y.applyUpdate(document, Buffer.from(encoded, 'base64'));
  return document.getText('content').toString();
}

/** A room with this text, as it would be pushed. */
export function roomWith(text) {
  const document = new Y.Doc();
  document.getText('content').insert(0, text);
  return Buffer.from(Y.encodeStateAsUpdate(document)).toString('base64');
}

/** Waits until a client sees the text. */
export function sees(room, text) {
  return new Promise((resolve) => {
    const content = room.document.getText('content');
    const check = () => content.toString().includes(text) && resolve();
    room.document.on('update', check);
    check();
  });
}
