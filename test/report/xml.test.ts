import test from 'ava';
import { formatXml } from '../../report/xml.js';

test('elements are indented, and text is left as it is', (t) => {
  t.is(
    formatXml({
      name: 'a',
      attributes: { x: 1, y: undefined },
      children: [
        { name: 'b', text: ' one\ntwo ' },
        { name: 'c' },
        { name: 'd', children: [{ name: 'e', text: '' }] },
      ],
    }),
    `<?xml version="1.0" encoding="UTF-8"?>
<a x="1">
  <b> one
two </b>
  <c/>
  <d>
    <e></e>
  </d>
</a>
`,
  );
});

test('white space in attributes is written so that readers keep it', (t) => {
  t.true(
    formatXml({ name: 'a', attributes: { x: 'one\n\t"two"' } }).includes('x="one&#10;&#9;&quot;two&quot;"'),
  );
});

test('characters that XML cannot hold are replaced', (t) => {
  t.true(
    formatXml({ name: 'a', text: '\u0000\u001B\uFFFF\uDC00😀' }).includes(
      '<a>\uFFFD\uFFFD\uFFFD\uFFFD😀</a>',
    ),
  );
});
