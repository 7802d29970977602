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
