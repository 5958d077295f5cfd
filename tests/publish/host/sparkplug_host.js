// An independent host: reads lines "<topic> <hex>" from a file, decodes them with the npm package sparkplug-payload and
// prints one line a message: verb, device, seq, and each metric as name-or-alias=value, "~" before a historical one.
const {decodePayload} = require(process.argv[2] + '/sparkplug-payload').get('spBv1.0');
const lines = require('fs').readFileSync(process.argv[3], 'utf8').split('\n').filter(Boolean);
const plain = v => (v !== null && typeof v === 'object' && 'toNumber' in v) ? v.toNumber() : v;
for (const line of lines) {
  const [topic, hex] = line.split(' ');
  const [, , verb, , device] = topic.split('/');
  const p = decodePayload(Buffer.from(hex, 'hex'));
  const metrics = p.metrics.map(m => (m.isHistorical ? '~' : '') + (m.name || '#' + plain(m.alias)) + '=' + plain(m.value) +
    (m.properties && m.properties.engUnit ? ' ' + m.properties.engUnit.value : ''));
  console.log([verb, device || '-', p.seq === undefined ? '-' : plain(p.seq), ...metrics].join('\t'));
}
