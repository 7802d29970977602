import { expect, test } from '@jest/globals'
import { shortenIp } from '../../src/refine/anonymise.ts'
import { createTestRefinery } from '../kit/events.ts'

test.each([
  ['203.0.113.7', '203.0.113.0'],
  ['203.0.113.0', '203.0.113.0'],
  ['255.255.255.255', '255.255.255.0'],
  ['127.0.0.1', '127.0.0.0'],
  ['::ffff:203.0.113.7', '203.0.113.0'],
  ['::FFFF:203.0.113.7', '203.0.113.0'],
  ['::ffff:cb00:7107', '203.0.113.0'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.0'],
  ['2001:db8:1234:5678:9abc:def0:1234:5678', '2001:db8:1234::'],
  ['2001:0DB8:0034:0000:0000:0000:0000:0001', '2001:db8:34::'],
  ['2001:db8::1', '2001:db8:0::'],
  ['2001:db8::', '2001:db8:0::'],
  ['::2001:db8:1:2:3:4', '0:0:2001::'],
  ['fe80::1%eth0', 'fe80:0:0::'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0::'],
  ['1:2:3:4:5:6:203.0.113.7', '1:2:3::'],
  ['::1', '::'],
  ['::', '::'],
])('%s is stored as %s', (address, stored) => {
  expect(shortenIp(address)).toBe(stored)
  expect(createTestRefinery().seal({ event_type: 'X', source_ip: address }).source_ip).toBe(stored)
  expect(shortenIp(stored)).toBe(stored)
})

test.each([
  ['2001:DB8::A', '2001:db8::a'],
  ['2001:0db8:0:0:0:0:0:000a', '2001:db8::a'],
  ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['64:ff9b::203.0.113.7', '64:ff9b::cb00:7107'],
  ['FE80::0:1%Eth0', 'fe80::1%Eth0'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
])('%s is one machine with %s where addresses are kept or hashed', (address, canonical) => {
  for (const ip of ['keep', 'hash'] as const) {
    const { seal } = createTestRefinery({ privacy: { ip, userIds: 'keep', hashKey: 'a key' } })
    const [first, second] = [address, canonical].map((source_ip) => seal({ event_type: 'X', source_ip }).source_ip)
    expect(first).toBe(second)
    if (ip === 'keep') expect(second).toBe(canonical)
  }
})

test.each([
  '',
  'unknown',
  '256.1.1.1',
  '1.2.3',
  '01.2.3.4',
  '1.2.3.4:80',
  '[::1]',
  '::1::',
  '12345::',
  ' 1.2.3.4',
  '1.2.3.4 ',
])('%j is no address: not set', (text) => {
  expect(shortenIp(text)).toBeUndefined()
  expect(createTestRefinery().seal({ event_type: 'X', source_ip: text })).not.toHaveProperty('source_ip')
})
